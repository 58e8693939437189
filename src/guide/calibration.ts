import { smoothTest } from '../math/smooth-test.ts';

/** How one number of the samples is calibrated. */
export interface CalibrationRow {
  /** The ranked number: a column, or what was computed from all of them. */
  readonly name: string;
  /** Whether it was computed from the columns; it then has no part in the coverage of the whole. */
  readonly derived?: true;
  /** How many truths fell into each of the bins of their ranks among the draws. */
  readonly counts: readonly number[];
  /** p-value of uniform ranks, by Neyman's smooth test. */
  readonly pValue: number;
  /** Part of the truths inside the central 50, 80 and 95 % intervals of their draws. */
  readonly coverage: readonly [half: number, most: number, nearlyAll: number];
}

/** The result of simulation-based calibration. */
export interface Calibration {
  /** Number of truths. */
  readonly truths: number;
  /** Draws for each truth. */
  readonly draws: number;
  /** One row for each number that was ranked. */
  readonly rows: readonly CalibrationRow[];
  /** p-value of all rows together: the least of them times their number (Bonferroni). */
  readonly pValue: number;
  /** Part of the truths inside their intervals, over the columns. */
  readonly coverage: CalibrationRow['coverage'];
}

/** The ranks of one number of the truths among their draws. */
export interface Places {
  /** The ranked number. */
  readonly name: string;
  /** The ranks as numbers in (0, 1), ties broken at random: [truths]. */
  readonly values: Float64Array;
  /** Whether it is computed from the columns. */
  readonly derived?: true;
}

/** The levels of the intervals. */
export const LEVELS = [0.5, 0.8, 0.95] as const;

/**
 * Simulation-based calibration (Talts et al. 2018): if x* is from the prior and the draws are from p(x | y*),
 * y* measured from x*, then the rank of x* among its draws is uniform, in every column and in any function of
 * x and y (Modrák et al. 2023).
 */
export function calibrationOf(places: readonly Places[], draws: number): Calibration {
  const rows = places.map(rowOf);
  const truths = places[0]?.values.length ?? 0;
  const plain = rows.filter(({ derived }) => !derived);
  const coverage = LEVELS.map(
    (_, k) => plain.reduce((sum, row) => sum + row.coverage[k]!, 0) / plain.length,
  ) as unknown as CalibrationRow['coverage'];
  const least = rows.reduce((low, { pValue }) => Math.min(low, pValue), 1);
  return { truths, draws, rows, pValue: Math.min(1, least * rows.length), coverage };
}

function rowOf({ name, values, derived }: Places): CalibrationRow {
  // At least 10 truths are expected in a bin.
  const bins = Math.max(2, Math.min(16, Math.floor(values.length / 10)));
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) counts[Math.min(bins - 1, Math.floor(value * bins))]!++;
  const inside = (level: number) =>
    values.reduce((sum, value) => sum + Number(Math.abs(value - 0.5) < level / 2), 0) / values.length;
  const coverage = LEVELS.map(inside) as unknown as CalibrationRow['coverage'];
  return { name, ...(derived && { derived }), counts, pValue: smoothTest(values), coverage };
}

/** The rank of a truth among its draws as a number in (0, 1): (less + u·(equal + 1))/(draws + 1). */
export function placeOf(truth: number, draws: ArrayLike<number>, u: number): number {
  let [less, equal] = [0, 0];
  for (let i = 0; i < draws.length; i++) {
    if (draws[i]! < truth) less++;
    else if (draws[i] === truth) equal++;
  }
  return (less + u * (equal + 1)) / (draws.length + 1);
}
