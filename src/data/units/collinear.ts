import { eachRow, moments } from '../moments.ts';
import type { Numbers, Table } from '../table.ts';

/** A column that is a linear function of others, up to rounding. */
export interface Dependent {
  readonly place: number;
  /** Positions of the others. */
  readonly of: readonly number[];
}

/** The largest number of columns that are searched. The work grows as the square of their number. */
const MOST_COLUMNS = 256;
/** Largest share of a column's variance that may remain unexplained if the others determine it. */
const LEFT = 1e-12;

/**
 * Columns x_j = a + Σ bᵢ·xᵢ, where the xᵢ are earlier columns. A Cholesky factor of the correlations of some
 * rows finds candidates; all rows confirm them.
 */
export function dependentColumns(
  table: Table<Numbers>,
  rows: Uint32Array,
  places: readonly number[],
): Dependent[] {
  const size = places.length;
  if (size < 2 || size > MOST_COLUMNS || rows.length < size + 2) return [];
  const stride = Math.max(1, Math.floor(rows.length / Math.max(1000, 4 * size)));
  const sampleRows = rows.filter((_, i) => i % stride === 0);
  const { mean, std } = moments(table, rows);
  const standard = (value: number, d: number) => (std[d]! > 0 ? (value - mean[d]!) / std[d]! : 0);
  const gram = Array.from({ length: size }, () => new Float64Array(size));
  const z = new Float64Array(size);
  for (const { values, at } of eachRow(table, sampleRows)) {
    for (let i = 0; i < size; i++) z[i] = standard(values[at + places[i]!]!, places[i]!);
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) gram[i]![j]! += (z[i]! * z[j]!) / sampleRows.length;
  }
  const dependents = explained(gram).map(({ column, weights }) => ({
    place: places[column]!,
    parts: weights.flatMap((weight, i) => (Math.abs(weight) > 1e-9 ? [{ place: places[i]!, weight }] : [])),
  }));
  // The rounding error of a standardised value is proportional to its column's magnitude over its spread.
  const rounding = (d: number) => 2 ** -50 * (1 + Math.abs(mean[d]!) / std[d]!);
  const holds = ({ place, parts }: (typeof dependents)[number]) => {
    const allowed =
      1e-9 + 100 * [place, ...parts.map(part => part.place)].reduce((sum, d) => sum + rounding(d), 0);
    for (const { values, at } of eachRow(table, rows)) {
      const sum = parts.reduce(
        (total, part) => total + part.weight * standard(values[at + part.place]!, part.place),
        0,
      );
      if (!(Math.abs(standard(values[at + place]!, place) - sum) <= allowed)) return false;
    }
    return true;
  };
  return dependents
    .filter(({ parts }) => parts.length > 0)
    .filter(holds)
    .map(({ place, parts }) => ({ place, of: parts.map(part => part.place) }));
}

/**
 * The columns that earlier columns explain, with the weights. An explained column does not explain others.
 */
function explained(gram: readonly Float64Array[]): { column: number; weights: number[] }[] {
  const free: number[] = [];
  const factor: Float64Array[] = [];
  const dependents: { column: number; weights: number[] }[] = [];
  for (let j = 0; j < gram.length; j++) {
    const row = new Float64Array(free.length + 1);
    for (const [k, i] of free.entries()) {
      let sum = gram[j]![i]!;
      for (let l = 0; l < k; l++) sum -= row[l]! * factor[k]![l]!;
      row[k] = sum / factor[k]![k]!;
    }
    const residual =
      gram[j]![j]! - row.subarray(0, free.length).reduce((sum, value) => sum + value * value, 0);
    if (residual > LEFT * gram[j]![j]!) {
      row[free.length] = Math.sqrt(residual);
      factor.push(row);
      free.push(j);
    } else if (gram[j]![j]! > 0)
      dependents.push({ column: j, weights: solved(factor, row, free, gram.length) });
  }
  return dependents;
}

/** The weights w with Lᵀw = row, by column. */
function solved(
  factor: readonly Float64Array[],
  row: Float64Array,
  free: readonly number[],
  size: number,
): number[] {
  const weights = new Array<number>(size).fill(0);
  for (let k = free.length - 1; k >= 0; k--) {
    let sum = row[k]!;
    for (let l = k + 1; l < free.length; l++) sum -= factor[l]![k]! * weights[free[l]!]!;
    weights[free[k]!] = sum / factor[k]![k]!;
  }
  return weights;
}
