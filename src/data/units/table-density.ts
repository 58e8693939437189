import { STATES } from './gaussian.ts';
import { eachCell, rowCount, rowStates, type TableParts } from './table-parts.ts';

/** log|det| of the map from points to the generated coordinates, for each row. */
export function logDeterminants(
  parts: TableParts,
  points: ArrayLike<number>,
  states?: Uint8Array,
): Float64Array {
  const { cells, places, size, std } = parts;
  const out = new Float64Array(rowCount(points, size));
  for (let row = 0; row < out.length; row++) {
    const stateOf = rowStates(parts, points, states, row);
    for (let d = 0; d < size; d++)
      if (stateOf[d] === STATES.generated)
        out[row]! += cells[places[d]!]!.logSlope(points[row * size + d]!) - Math.log(std[d]!);
  }
  return out;
}

/** Σ of `CellMap.logCell` over the generated cells, for each row. */
export function logCells(
  parts: TableParts,
  x: ArrayLike<number>,
  points: Float64Array,
  states?: Uint8Array,
): Float64Array {
  const { size, width } = parts;
  const out = new Float64Array(rowCount(points, size));
  for (let row = 0; row < out.length; row++) {
    const stateOf = rowStates(parts, points, states, row);
    for (const { cell, c, first } of eachCell(parts)) {
      const at = row * size + first;
      if (stateOf[first] === STATES.generated)
        out[row]! += cell.logCell(x[row * width + c]!, points.subarray(at, at + cell.width));
    }
  }
  return out;
}
