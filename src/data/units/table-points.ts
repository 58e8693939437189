import { STATES } from './gaussian.ts';
import { eachCell, type RowCells, rowCount, type TableParts } from './table-parts.ts';

/** Rows of cells, `[n, C]`, to points, `[n, D]`; `u` is U[0, 1), `[n, D]`. */
export function spread(parts: RowCells, x: ArrayLike<number>, u: Float64Array): Float64Array {
  const { size, width } = parts;
  const rows = rowCount(x, width);
  const points = new Float64Array(rows * size);
  for (const { cell, c, first } of eachCell(parts)) {
    // One pair of arrays for all rows: a view for each cell would take longer than the cell itself.
    const [draw, point] = [new Float64Array(cell.width), new Float64Array(cell.width)];
    for (let row = 0; row < rows; row++) {
      const at = row * size + first;
      for (let k = 0; k < cell.width; k++) draw[k] = u[at + k]!;
      cell.spread(x[row * width + c]!, draw, point);
      for (let k = 0; k < cell.width; k++) points[at + k] = point[k]!;
    }
  }
  return points;
}

/** Points to rows of cells. */
export function settle(parts: TableParts, points: Float64Array): Float64Array {
  const { size, width } = parts;
  const rows = rowCount(points, size);
  const x = new Float64Array(rows * width);
  for (const { cell, c, first } of eachCell(parts)) {
    const point = new Float64Array(cell.width);
    for (let row = 0; row < rows; row++) {
      for (let k = 0; k < cell.width; k++) point[k] = points[row * size + first + k]!;
      x[row * width + c] = cell.settle(point);
    }
  }
  return x;
}

/** Points to coordinates before they are standardised; NaN stays. */
export function coordinates({ cells, places, size }: TableParts, points: ArrayLike<number>): Float64Array {
  const y = new Float64Array(points.length);
  for (let d = 0; d < size; d++) {
    const cell = cells[places[d]!]!;
    for (let at = d; at < y.length; at += size) {
      const point = points[at]!;
      y[at] = Number.isNaN(point) ? point : cell.forward(point);
    }
  }
  return y;
}

/** Points to standardised coordinates; 0 for what is not generated. */
export function forward<T extends Float32Array | Float64Array>(
  parts: TableParts,
  points: ArrayLike<number>,
  out: T,
  states?: Uint8Array,
): T {
  const { size, gaussian, std } = parts;
  const y = coordinates(parts, points);
  const isGenerated = (at: number, d: number) =>
    states ? states[states.length === size ? d : at] === STATES.generated : !Number.isNaN(y[at]);
  rowCount(points, size);
  for (let d = 0; d < size; d++)
    for (let at = d; at < y.length; at += size)
      out[at] = isGenerated(at, d) ? (y[at]! - gaussian.mean[d]!) / std[d]! : 0;
  return out;
}

/** Standardised coordinates to points. Where a coordinate is not generated, `out` stays. */
export function inverse<T extends Float32Array | Float64Array>(
  { cells, places, size, gaussian, std }: TableParts,
  z: ArrayLike<number>,
  out: T,
  states?: Uint8Array,
): T {
  for (let i = 0; i < z.length; i++) {
    const d = i % size;
    if (states && states[states.length === size ? d : i] !== STATES.generated) continue;
    out[i] = cells[places[d]!]!.inverse(gaussian.mean[d]! + std[d]! * z[i]!);
  }
  return out;
}

/** States of coordinates from those of cells. */
export function spreadStates({ places, size, width }: TableParts, cellStates: Uint8Array): Uint8Array {
  const rows = rowCount(cellStates, width);
  const out = new Uint8Array(rows * size);
  for (let i = 0; i < out.length; i++) out[i] = cellStates[Math.floor(i / size) * width + places[i % size]!]!;
  return out;
}
