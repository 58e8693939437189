import { deviationOf } from '../../../math/mean.ts';
import type { Report } from '../../folder/report.ts';
import { columnOf } from './rows.ts';

/** Rows `[n, C]` in data units, NaN where a value is missing. */
export interface Cells {
  readonly values: Float64Array;
  readonly names: readonly string[];
  /** Whether each column holds categories. */
  readonly categories: readonly boolean[];
}

/** Rows in three sets: what was learned, fresh rows of the data, and samples. */
export interface RowSets {
  readonly training: Float64Array;
  readonly heldOut: Float64Array;
  readonly samples: Float64Array;
}

/** Most different numbers of a column that may rather hold categories. */
const FEW_VALUES = 20;
/** Levels at which quantiles are compared. */
const LEVELS = 200;

/**
 * The column whose samples differ most from the training rows, in excess of what held-out rows differ by
 * chance.
 */
export function marginErrors(sets: RowSets, { names, categories }: Omit<Cells, 'values'>): Report['margins'] {
  const width = names.length;
  const columns = names.map((column, c) => {
    const [training, heldOut, samples] = [sets.training, sets.heldOut, sets.samples].map(values =>
      columnOf(values, c, width),
    ) as [Float64Array, Float64Array, Float64Array];
    if ([training, heldOut, samples].some(({ length }) => length === 0)) return undefined;
    const distance = categories[c] ? totalVariation : wassersteinOf(training);
    const values = categories[c] ? Number.POSITIVE_INFINITY : new Set(training).size;
    return {
      ...{ column, error: distance(training, samples), chance: distance(training, heldOut) },
      ...(values <= FEW_VALUES && { values }),
    };
  });
  return worst(columns.filter(each => each !== undefined));
}

/** The pair of number columns whose correlation in samples differs most from that in training rows. */
export function correlationErrors(
  sets: RowSets,
  { names, categories }: Omit<Cells, 'values'>,
): Report['correlations'] {
  const width = names.length;
  const numbers = [...names.keys()].filter(c => !categories[c]).slice(0, MOST_COLUMNS);
  const of = (values: Float64Array) => (a: number, b: number) => correlation(values, a, b, width);
  const [training, heldOut, samples] = [of(sets.training), of(sets.heldOut), of(sets.samples)];
  const pairs = numbers.flatMap((a, i) =>
    numbers.slice(0, i).map(b => {
      const truth = training(a, b);
      return {
        columns: [names[b]!, names[a]!] as const,
        error: Math.abs(samples(a, b) - truth),
        chance: Math.abs(heldOut(a, b) - truth),
      };
    }),
  );
  const known = pairs.filter(({ error, chance }) => Number.isFinite(error) && Number.isFinite(chance));
  const most = known.reduce((largest, { chance }) => Math.max(largest, chance), 0);
  const found = worst(known.map(pair => ({ ...pair, chance: most })));
  return found && { ...found, columns: [...found.columns] };
}

/** Most columns whose correlations are compared. */
const MOST_COLUMNS = 64;

/** The one with the largest error beyond chance. */
function worst<T extends { readonly error: number; readonly chance: number }>(all: readonly T[]): T | null {
  const excess = ({ error, chance }: T) => error - chance;
  return all.reduce<T | null>((most, each) => (most && excess(most) >= excess(each) ? most : each), null);
}

/** The Wasserstein distance in standard deviations of the training rows. */
function wassersteinOf(training: Float64Array): (a: Float64Array, b: Float64Array) => number {
  const std = deviationOf(training);
  return (a, b) => {
    const [x, y] = [a.slice().sort(), b.slice().sort()];
    const at = (sorted: Float64Array, level: number) => sorted[Math.floor(level * sorted.length)]!;
    let sum = 0;
    for (let k = 0; k < LEVELS; k++) sum += Math.abs(at(x, (k + 0.5) / LEVELS) - at(y, (k + 0.5) / LEVELS));
    return std > 0 ? sum / LEVELS / std : 0;
  };
}

/** ½ Σ |p(k) − q(k)| */
function totalVariation(a: Float64Array, b: Float64Array): number {
  const share = (values: Float64Array, k: number) =>
    values.filter(value => value === k).length / values.length;
  return [...new Set([...a, ...b])].reduce((sum, k) => sum + Math.abs(share(a, k) - share(b, k)) / 2, 0);
}

/** Pearson's correlation over the rows that have both values. */
function correlation(values: Float64Array, a: number, b: number, width: number): number {
  let [n, x, y, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  const [x0, y0] = [values[a]!, values[b]!].map(value => (Number.isNaN(value) ? 0 : value)) as [
    number,
    number,
  ];
  for (let at = 0; at < values.length; at += width) {
    const [p, q] = [values[at + a]! - x0, values[at + b]! - y0];
    if (Number.isNaN(p + q)) continue;
    n++;
    x += p;
    y += q;
    xx += p * p;
    yy += q * q;
    xy += p * q;
  }
  return (n * xy - x * y) / Math.sqrt((n * xx - x * x) * (n * yy - y * y));
}
