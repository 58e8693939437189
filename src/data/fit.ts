import { type ErrorParts, shortList, usage } from '../errors.ts';
import type { NumberArray } from '../files/index.ts';
import type { AffineTransform } from './contract.ts';
import { pixelRemedy } from './pixels.ts';
import { areBytes, blocks, type Numbers, placeName, refuseValues, type Table, width } from './table.ts';
import type { Grid } from './units/grid.ts';
import { affine } from './units/transform.ts';

/**
 * How values are scaled for the network.
 * `standard`: each column to mean 0 and standard deviation 1 over the training rows.
 * `symmetric`: levels 0 … L−1 to [−1, 1]. `unit`: the same to [0, 1]. `none`: unchanged.
 */
export const scalings = ['standard', 'symmetric', 'unit', 'none'] as const;
/** A name of `scalings`. */
export type Scaling = (typeof scalings)[number];

/**
 * How the values of tables are scaled, and the Gaussian from which their model starts.
 * `gaussian`: each column to mean 0 and standard deviation 1; the model starts from the Gaussian with the
 * correlations of the rows. `margins`: each column to a normal one by a smooth map; the model starts from
 * independent columns. `copula`: such maps and the Gaussian. `auto`: the best of these, and of shrunk
 * correlations, by cross-validation.
 */
export const tableScalings = ['auto', 'gaussian', 'margins', 'copula'] as const;
/** A name of `tableScalings`. */
export type TableScalingName = (typeof tableScalings)[number];

export const isTableScaling = (name: string): name is TableScalingName =>
  (tableScalings as readonly string[]).includes(name);

/** How a transform is fitted. */
export interface FitOptions {
  /** A name of `scalings`. */
  readonly scaling: Scaling;
  /**
   * The step over which each value of a row is spread: x = value + u·width, u ~ U[0, 1). The mean rises by
   * width/2, the variance by width²/12, and L levels fill [0, L].
   */
  readonly grids: readonly (Grid | undefined)[];
  /** L, for `symmetric` and `unit` */
  readonly levels: number;
}

/** The transform of a table, fitted on its training rows alone. */
export function fitTransform(table: Table<Numbers>, rows: Uint32Array, options: FitOptions): AffineTransform {
  const { scaling, grids, levels } = options;
  const dimension = width(table);
  if (scaling === 'standard') return standardize(table, rows, grids);
  if (scaling === 'none')
    return affine(new Float64Array(dimension), new Float64Array(dimension).fill(1), grids);
  if (!(areBytes(table) && levels >= 256)) refuseOutside(table, scaling, levels);
  const part = scaling === 'unit' ? 1 : 1 / 2;
  const scale = new Float64Array(dimension);
  for (let d = 0; d < dimension; d++) scale[d] = part * (grids[d] ? levels : levels - 1);
  return affine(scaling === 'unit' ? new Float64Array(dimension) : scale, scale, grids);
}

function refuseOutside(table: Table<Numbers>, scaling: Scaling, levels: number): void {
  const bad = (value: number) => value < 0 || value > levels - 1;
  refuseValues(table, bad, `a value out of range for scaling "${scaling}"`, {
    expected: `0 to ${levels - 1}`,
    remedy: 'Give the number of levels, or choose scaling "standard".',
  });
}

function standardize(
  table: Table<Numbers>,
  rows: Uint32Array,
  grids: readonly (Grid | undefined)[],
): AffineTransform {
  const { mean, std } = moments(table, rows);
  const step = (d: number) => grids[d]?.width ?? 0;
  const scale = std.map((value, d) => Math.hypot(value, step(d) / Math.sqrt(12)));
  refuseConstant(table, scale);
  refuseNarrow(table, mean, scale);
  return affine(
    mean.map((value, d) => value + step(d) / 2),
    scale,
    grids,
  );
}

/**
 * Least standard deviation of a column, in float64 spacings at its magnitude, so that differences keep
 * digits.
 */
const FEWEST_STEPS = 2 ** 12;

/** The smallest standard deviation that float64 can represent around a mean. */
const leastSpread = (mean: number) => FEWEST_STEPS * 2 ** -52 * Math.abs(mean);

/** The options that leave columns out, or advice in words if columns have no names. */
function leaveOut(table: Table<Numbers>, places: readonly number[], otherwise: string): ErrorParts {
  if (!table.columns)
    return { remedy: `Leave them out, or ${otherwise[0]!.toLowerCase()}${otherwise.slice(1)}` };
  const names = namesOf(table, places);
  return {
    mend: {
      says: `Leave ${names.length > 1 ? 'them' : 'it'} out with`,
      options: table.without?.(names) ?? { exclude: names },
    },
    remedy: otherwise,
  };
}

/** Array elements have no names, so no option can exclude them. Mostly they are pixels of a margin. */
function constantPlaces(table: Table<Numbers>, constant: readonly number[]) {
  const shown = namesOf(table, constant.slice(0, 4)).join(', ');
  return usage('constant over the training rows, so it has no density', {
    where: table.where,
    got: constant.length > 4 ? `${shown} and ${constant.length - 4} more` : shown,
    remedy: pixelRemedy(table) ?? 'Leave those places out of the array, or choose another scaling.',
  });
}

function refuseConstant(table: Table<Numbers>, std: Float64Array): void {
  const constant = placesWhere(std, value => value === 0);
  if (constant.length === 0) return;
  if (!table.columns) throw constantPlaces(table, constant);
  const names = shortList(namesOf(table, constant), 12, '');
  throw usage(`constant over the training rows, so it has no density: ${names}`, {
    where: table.where,
    ...leaveOut(table, constant, 'Use --dequantize, if the values are integers'),
  });
}

/** Rejects columns whose differences are lost to float64 rounding, and spreads beyond float64's range. */
function refuseNarrow(table: Table<Numbers>, mean: Float64Array, scale: Float64Array): void {
  const narrow = placesWhere(scale, (spread, d) => !(spread >= leastSpread(mean[d]!) && spread < Infinity));
  if (narrow.length === 0) return;
  const [d] = narrow as [number];
  const names = shortList(namesOf(table, narrow), 12, '');
  throw usage(`a spread that float64 cannot hold at the size of the values: ${names}`, {
    where: table.where,
    got: `a standard deviation of ${scale[d]!.toPrecision(3)} about ${mean[d]}`,
    expected: `at least ${leastSpread(mean[d]!).toPrecision(3)}`,
    ...leaveOut(table, narrow, 'Write the file with a constant subtracted'),
  });
}

const placesWhere = (values: Float64Array, holds: (value: number, d: number) => boolean): number[] =>
  [...values.keys()].filter(d => holds(values[d]!, d));

const namesOf = (table: Table<Numbers>, places: readonly number[]): string[] =>
  places.map(d => (table.columns ? table.columns[d]! : placeName(table, d)));

/**
 * Mean and population standard deviation of each column over some rows (in rising order), in two passes. The
 * deviation of a constant column is 0. Differences are relative to the first row, and squared in units of the
 * largest. So neither a large offset nor extreme float64 values cost digits. Each pass reads the rows once,
 * block by block.
 */
export function moments(table: Table<Numbers>, rows: Uint32Array) {
  const size = width(table);
  const first = Float64Array.from(table.values.subarray(rows[0]! * size, (rows[0]! + 1) * size));
  const mean = new Float64Array(size);
  const reach = new Float64Array(size);
  for (const { values, at } of chosen(table, rows))
    for (let d = 0; d < size; d++) {
      const difference = values[at + d]! - first[d]!;
      mean[d]! += difference / rows.length;
      reach[d] = Math.max(reach[d]!, Math.abs(difference));
    }
  for (let d = 0; d < size; d++) mean[d]! += first[d]!;
  const std = new Float64Array(size);
  for (const { values, at } of chosen(table, rows))
    for (let d = 0; d < size; d++)
      if (reach[d]! > 0) std[d]! += ((values[at + d]! - mean[d]!) / reach[d]!) ** 2 / rows.length;
  for (let d = 0; d < size; d++) std[d] = reach[d]! * Math.sqrt(std[d]!);
  return { mean, std };
}

/** Each of these rows, as a position in the block that contains it. */
export function* chosen(
  table: Table<Numbers>,
  rows: Uint32Array,
): Generator<{ values: NumberArray; at: number }> {
  const size = width(table);
  let next = 0;
  for (const { values, first } of blocks(table)) {
    const end = first + values.length / size;
    for (; next < rows.length && rows[next]! < end; next++)
      yield { values, at: (rows[next]! - first) * size };
  }
}
