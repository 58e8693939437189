import { mapInto } from '../files/numbers.ts';
import { column, type Table, thin } from './table.ts';

export interface Axes {
  /** Coordinates of rows along the axes: `[n, 2]`. */
  readonly project: (table: Table) => Table;
  /** The share of the standardised variance along each axis. */
  readonly shares: readonly [number, number];
}

/**
 * The first two principal axes of the columns, scaled to mean 0 and variance 1 (constant columns are
 * ignored). Computed by subspace iteration on at most 2000 rows, precise enough for a picture.
 */
export function principalAxes(data: Table): Axes {
  const some = thin(data, 2000);
  const scaling = Array.from({ length: data.width }, (_, j) => moments(column(some, j)));
  const all = Array.from({ length: some.rows }, (_, i) => standardised(some, i, scaling));
  const rows = all.filter(row => row.every(Number.isFinite));
  let first: Float64Array = seed(data.width, 1);
  let second: Float64Array = seed(data.width, 2);
  for (let i = 0; i < 60; i++) {
    first = unit(spread(rows, first));
    second = unit(orthogonalTo(spread(rows, second), first));
  }
  const total = scaling.filter(({ inverse }) => inverse > 0).length || 1;
  const project = (table: Table): Table => {
    const out = new Float64Array(2 * table.rows);
    for (let i = 0; i < table.rows; i++) {
      const row = standardised(table, i, scaling);
      out.set([dot(row, first), dot(row, second)], 2 * i);
    }
    return { ...table, data: out, width: 2 };
  };
  return { project, shares: [share(rows, first, total), share(rows, second, total)] };
}

/** A spread that is a smaller part of the mean than this is rounding error. */
const SMALLEST = 2 ** -44;

interface Scaling {
  readonly mean: number;
  readonly inverse: number;
}

function moments(column: Float64Array): Scaling {
  const values = column.filter(Number.isFinite);
  const mean = values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length || 1);
  return { mean, inverse: variance > SMALLEST ** 2 * mean ** 2 ? 1 / Math.sqrt(variance) : 0 };
}

const standardised = ({ data, width }: Table, i: number, scaling: readonly Scaling[]): Float64Array =>
  mapInto(
    new Float64Array(width),
    scaling,
    ({ mean, inverse }, j) => (data[i * width + j]! - mean) * inverse,
  );

const seed = (width: number, k: number) =>
  Float64Array.from({ length: width }, (_, j) => Math.cos(k * (j + 1) ** 1.5));

/** Xᵀ X v. */
function spread(rows: readonly Float64Array[], v: Float64Array): Float64Array {
  const out = new Float64Array(v.length);
  for (const row of rows) {
    const weight = dot(row, v);
    for (let j = 0; j < out.length; j++) out[j]! += weight * row[j]!;
  }
  return out;
}

const share = (rows: readonly Float64Array[], v: Float64Array, total: number) =>
  rows.reduce((sum, row) => sum + dot(row, v) ** 2, 0) / (rows.length || 1) / total;

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function orthogonalTo(v: Float64Array, axis: Float64Array): Float64Array {
  const along = dot(v, axis);
  return v.map((value, j) => value - along * axis[j]!);
}

function unit(v: Float64Array): Float64Array {
  const length = Math.sqrt(dot(v, v));
  return length > 0 ? v.map(value => value / length) : v;
}
