import { symmetricEigen } from '../math/eigenvectors.ts';

/** Singular values below this part of the largest carry no information. */
const NOTHING = 1e-6;

/** The rows of a filter of pictures in its principal axes. */
interface SeparableRows {
  /** Orthogonal rows, [channels·k, channels·H·W]. */
  readonly matrix: Float64Array;
  /** Values of a channel of the filtered picture. */
  readonly each: number;
  /** The filtered picture in those axes, [channels·k]. */
  turn(picture: ArrayLike<number>): Float64Array;
}

/**
 * h(x) = L·x·Rᵀ on each channel. With L = U·S·Wᵀ (and R in the same way), (U ⊗ U')ᵀ·h has the orthogonal rows
 * s·s'·(w ⊗ w')ᵀ. Errors of equal size stay equal.
 */
export function kroneckerRows(
  { channels, height, width }: { channels: number; height: number; width: number },
  L: readonly Float64Array[],
  R: readonly Float64Array[],
): SeparableRows {
  const [left, right] = [singular(L, height), singular(R, width)];
  const top = left[0]!.value * right[0]!.value;
  const pairs = left
    .flatMap(a => right.map(b => ({ a, b, value: a.value * b.value })))
    .filter(({ value }) => value > NOTHING * top);
  const size = height * width;
  const matrix = new Float64Array(channels * pairs.length * channels * size);
  for (let c = 0; c < channels; c++)
    pairs.forEach(({ a, b, value }, k) => {
      const at = ((c * pairs.length + k) * channels + c) * size;
      for (let i = 0; i < height; i++)
        for (let j = 0; j < width; j++) matrix[at + i * width + j] = value * a.inner[i]! * b.inner[j]!;
    });
  const each = L.length * R.length;
  return {
    matrix,
    each,
    turn: picture => {
      const out = new Float64Array(channels * pairs.length);
      for (let c = 0; c < channels; c++)
        pairs.forEach(({ a, b }, k) => {
          let sum = 0;
          for (let i = 0; i < L.length; i++)
            for (let j = 0; j < R.length; j++)
              sum += a.outer[i]! * b.outer[j]! * picture[c * each + i * R.length + j]!;
          out[c * pairs.length + k] = sum;
        });
      return out;
    },
  };
}

/** Singular values, the largest first, with their vectors on the side of x (inner) and of h (outer). */
function singular(rows: readonly Float64Array[], size: number) {
  const gram = new Float64Array(size * size);
  for (const row of rows)
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) gram[i * size + j]! += row[i]! * row[j]!;
  const { values, vectors } = symmetricEigen(gram, size);
  const all = [...values.keys()].map(k => {
    const value = Math.sqrt(Math.max(0, values[k]!));
    const inner = Float64Array.from({ length: size }, (_, i) => vectors[i * size + k]!);
    const outer = rows.map(row => row.reduce((sum, entry, i) => sum + entry * inner[i]!, 0) / (value || 1));
    return { value, inner, outer };
  });
  const top = Math.max(...all.map(({ value }) => value));
  return all.filter(({ value }) => value > NOTHING * top).sort((a, b) => b.value - a.value);
}
