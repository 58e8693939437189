import { cholesky } from '../../../math/cholesky.ts';
import { deviationOf, meanOf } from '../../../math/mean.ts';
import type { Part } from '../../../measure/contract.ts';
import { readLinear } from '../../../measure/read.ts';

/** A number of a row, ranked among those of other rows. */
export interface Quantity {
  readonly name: string;
  readonly derived?: true;
  /** Its values in rows [N, D] of one question, whose parts are `own`: [N]. */
  of(rows: readonly Float64Array[], own: readonly Part[]): Float64Array;
}

/** Readings that are ranked by themselves; more would only share out the level of the test. */
const MOST_READINGS = 4;

/**
 * What is ranked besides columns, functions of a row x and its question y: sums that were measured, the
 * log-likelihood log p(y | x) of measured values with errors (Modrák et al. 2023), and the squared distance
 * from the middle of the rows. Wrong widths and correlations show in them which no single column shows.
 */
export function derivedQuantities(parts: readonly Part[], size: number): Quantity[] {
  const sums = parts.flatMap((part, p) => (isSum(part) ? [readingOf(part.text, p)] : []));
  const measured = parts.some(part => errorsOf(part).length > 0);
  return [
    ...sums.slice(0, MOST_READINGS),
    ...(measured ? [logLikelihood] : []),
    ...(size > 1 ? [distance] : []),
  ];
}

/** A single reading of several columns, with an error: every answer has an exact one. */
const isSum = (part: Part): part is Extract<Part, { kind: 'linear' }> =>
  part.kind === 'linear' &&
  part.count === 1 &&
  part.matrix.filter(entry => entry !== 0).length > 1 &&
  !(part.law.kind === 'normal' && part.law.std[0] === 0);

const readingOf = (text: string, p: number): Quantity => ({
  name: text,
  derived: true,
  of: (rows, own) => {
    const part = own[p]!;
    return Float64Array.from(rows.map(row => ('matrix' in part ? readLinear(part.matrix, row)[0]! : 0)));
  },
});

/** The readings of a linear part that have an error. */
const errorsOf = (part: Part): number[] =>
  part.kind === 'linear' && part.law.kind === 'normal'
    ? [...part.law.std.keys()].filter(i => part.law.kind === 'normal' && part.law.std[i]! > 0)
    : [];

const logLikelihood: Quantity = {
  name: 'log p(y | x)',
  derived: true,
  of: (rows, own) => {
    const out = new Float64Array(rows.length);
    for (const part of own) {
      const places = errorsOf(part);
      if (places.length === 0 || part.kind !== 'linear' || part.law.kind !== 'normal') continue;
      const { value, std } = part.law;
      rows.forEach((row, i) => {
        const read = readLinear(part.matrix, row);
        for (const k of places) out[i]! -= 0.5 * ((value[k]! - read[k]!) / std[k]!) ** 2;
      });
    }
    return out;
  },
};

/** Columns up to which the distance heeds correlations, and what is added to them for safety. */
const [MOST_CORRELATED, RIDGE] = [16, 0.1];

/**
 * The squared distance from the mean of these rows, zᵀ(R + 0.1·I)⁻¹z of standardised columns with their
 * correlations R; of many columns without R. All of it is symmetric in the rows, so that right ranks stay
 * uniform.
 */
const distance: Quantity = {
  name: 'distance from the middle',
  derived: true,
  of: rows => {
    const count = rows.length;
    const columns = standardised(rows);
    const size = columns.length;
    const correlation = (i: number, j: number) => {
      if (i === j) return 1 + RIDGE;
      if (size > MOST_CORRELATED) return 0;
      return columns[i]!.reduce((sum, z, row) => sum + (z * columns[j]![row]!) / count, 0);
    };
    const factor = size > MOST_CORRELATED ? undefined : cholesky(size, correlation);
    return mapRows(count, row => {
      const y = new Float64Array(size);
      for (let i = 0; i < size; i++) {
        let left = columns[i]![row]!;
        for (let j = 0; factor && j < i; j++) left -= factor[i * size + j]! * y[j]!;
        y[i] = factor ? left / factor[i * size + i]! : left;
      }
      return y.reduce((sum, value) => sum + value * value, 0);
    });
  },
};

/** The columns of rows with mean 0 and deviation 1, without those that differ by rounding alone. */
function standardised(rows: readonly Float64Array[]): Float64Array[] {
  return Array.from({ length: rows[0]!.length }, (_, d) => mapRows(rows.length, i => rows[i]![d]!)).flatMap(
    column => {
      const [mean, deviation] = [meanOf(column), deviationOf(column)];
      return deviation > 1e-6 * Math.abs(mean) ? [column.map(x => (x - mean) / deviation)] : [];
    },
  );
}

const mapRows = (count: number, f: (row: number) => number): Float64Array => {
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++) out[i] = f(i);
  return out;
};
