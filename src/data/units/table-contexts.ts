import type { PlainTensor } from '../../tensor/types.ts';
import { contextWidth, MOST_ROTATED } from './contexts.ts';
import { STATES } from './gaussian.ts';
import { rowCount, rowStates, type TableParts } from './table-parts.ts';

/** The contexts of rows, `[n, W]`: see `contextWidth`. */
export function contextsOf(parts: TableParts, points: ArrayLike<number>, states: Uint8Array): PlainTensor {
  const { cells, places, size, gaussian, std, components } = parts;
  const rows = rowCount(points, size);
  const width = contextWidth(size, components);
  const data = new Float32Array(rows * width);
  const values = new Float64Array(size);
  for (let row = 0; row < rows; row++) {
    const stateOf = rowStates(parts, points, states, row);
    const out = data.subarray(row * width, (row + 1) * width);
    for (let d = 0; d < size; d++) {
      const isKnown = stateOf[d] === STATES.known;
      const y = isKnown ? cells[places[d]!]!.forward(points[row * size + d]!) : gaussian.mean[d]!;
      values[d] = (y - gaussian.mean[d]!) / std[d]!;
      out[d] = values[d]!;
      out[size + d] = isKnown ? 1 : 0;
      out[2 * size + d] = stateOf[d] === STATES.absent ? 1 : 0;
    }
    writeLaw(parts, stateOf, values, out.subarray(3 * size));
  }
  return { data, shape: [rows, width] };
}

/**
 * Writes the law of the generated coordinates given the known: λ, Uᵀm and U of each component, and log
 * weights. For a wide row it writes whether all coordinates are generated.
 */
function writeLaw(
  { size, asked }: TableParts,
  states: Uint8Array,
  known: Float64Array,
  out: Float32Array,
): void {
  if (size > MOST_ROTATED) {
    out[0] = states.every(state => state === STATES.generated) ? 1 : 0;
    return;
  }
  const components = asked(states, known);
  const wide = components.length * size;
  for (const [k, { logWeight, mean, eigen }] of components.entries()) {
    const { values, vectors } = eigen;
    for (let i = 0; i < size; i++) {
      out[k * size + i] = values[i]!;
      let sum = 0;
      for (let d = 0; d < size; d++) {
        sum += vectors[d * size + i]! * mean[d]!;
        out[2 * wide + d * wide + k * size + i] = vectors[d * size + i]!;
      }
      out[wide + k * size + i] = sum;
    }
    if (components.length > 1) out[(2 + size) * wide + k] = logWeight;
  }
}
