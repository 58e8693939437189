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

/** An end that many rows share, at which a row stands: what its coordinate is then known to be. */
export interface RowAtom {
  /** The coordinate. */
  readonly d: number;
  /** Its least value, −∞ at the lower end of the column. */
  readonly low: number;
  /** Its greatest value, ∞ at the upper end. */
  readonly high: number;
  /** log of the length over which the end has its probability, in the units of the data. */
  readonly logUnit: number;
}

/** The generated cells of each row that are ends which many rows share. */
export function atomsOfRows(parts: TableParts, x: ArrayLike<number>, states: Uint8Array): RowAtom[][] {
  const { size, width, gaussian, std } = parts;
  const out: RowAtom[][] = Array.from({ length: rowCount(x, width) }, () => []);
  for (const { cell, c, first: d } of eachCell(parts)) {
    const coordinate = (point: number) =>
      Number.isFinite(point) ? (cell.forward(point) - gaussian.mean[d]!) / std[d]! : point;
    for (const [row, atoms] of out.entries()) {
      const atom = states[row * size + d] === STATES.generated && cell.atom?.(x[row * width + c]!);
      if (!atom) continue;
      const [low, high] = [coordinate(atom.low), coordinate(atom.high)];
      atoms.push({ d, low, high, logUnit: Math.log(atom.unit) });
    }
  }
  return out;
}
