import { type ErrorParts, shortList, usage } from '../errors.ts';
import { pixelRemedy } from './pixels.ts';
import type { Scaling } from './scalings.ts';
import { type Numbers, placeName, refuseValues, type Table } from './table.ts';

/** @throws failure for a value that is no level of 0 … L−1 */
export function refuseOutside(table: Table<Numbers>, scaling: Scaling, levels: number): void {
  const isOutside = (value: number) => value < 0 || value > levels - 1;
  refuseValues(table, isOutside, `a value out of range for scaling "${scaling}"`, {
    expected: `0 to ${levels - 1}`,
    remedy: 'Give the number of levels, or choose scaling "standard".',
  });
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
  const names = namesOf(table, constant.slice(0, 4)).join(', ');
  return usage('constant over the training rows, so it has no density', {
    where: table.where,
    got: constant.length > 4 ? `${names} and ${constant.length - 4} more` : names,
    remedy: pixelRemedy(table) ?? 'Leave those places out of the array, or choose another scaling.',
  });
}

/** @throws usage for columns whose rows are all equal */
export function refuseConstant(table: Table<Numbers>, std: Float64Array): void {
  const constant = placesWhere(std, value => value === 0);
  if (constant.length === 0) return;
  if (!table.columns) throw constantPlaces(table, constant);
  const names = shortList(namesOf(table, constant), 12, '');
  throw usage(`constant over the training rows, so it has no density: ${names}`, {
    where: table.where,
    ...leaveOut(table, constant, 'Use --dequantize, if the values are integers'),
  });
}

/**
 * @throws usage for columns whose differences are lost to float64 rounding, and for spreads beyond float64
 */
export function refuseNarrow(table: Table<Numbers>, mean: Float64Array, scale: Float64Array): void {
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

/** Ranges of a column whose squares float64 holds. */
const [LEAST_RANGE, MOST_RANGE] = [1e-140, 1e140];

/** @throws usage for columns that spread so little or so far that their variance leaves float64 */
export function refuseExtreme(table: Table<Numbers>, ranges: Float64Array): void {
  const extreme = placesWhere(ranges, range => range > 0 && !(range >= LEAST_RANGE && range <= MOST_RANGE));
  if (extreme.length === 0) return;
  throw usage(`values that spread too little or too far: ${shortList(namesOf(table, extreme), 12, '')}`, {
    where: table.where,
    got: `a range of ${ranges[extreme[0]!]!.toPrecision(3)}`,
    expected: `${LEAST_RANGE} to ${MOST_RANGE}`,
    ...leaveOut(table, extreme, 'Write them in another unit'),
  });
}
