import type { Report } from '../../folder/report.ts';
import type { Cells, RowSets } from './fidelity.ts';
import { columnOf } from './rows.ts';

/** A share of samples beyond the data that is told: this, and this many times what one row is of all. */
const [SHARE, TIMES] = [0.01, 5];
/** Most ends that are told. */
const MOST = 3;

/**
 * Ends of columns of numbers, in all rows that are `known`, beyond which more samples lie than a good model
 * draws. Of n rows it draws about 1/(n + 1) there.
 */
export function outsideOf(
  { known: rows, samples }: { readonly known: readonly Float64Array[] } & Pick<RowSets, 'samples'>,
  { names, categories }: Omit<Cells, 'values'>,
): NonNullable<Report['outside']> {
  const width = names.length;
  const ends = names.flatMap((column, c) => {
    if (categories[c]) return [];
    const known = rows.map(values => columnOf(values, c, width));
    const drawn = columnOf(samples, c, width);
    const count = known.reduce((sum, { length }) => sum + length, 0);
    if (count === 0 || drawn.length === 0) return [];
    const least = Math.max(SHARE, TIMES / count);
    const fold = (pick: (a: number, b: number) => number, start: number) =>
      known.reduce((end, values) => values.reduce((now, value) => pick(now, value), end), start);
    const [low, high] = [fold(Math.min, Infinity), fold(Math.max, -Infinity)];
    const share = (isBeyond: (value: number) => boolean) => drawn.filter(isBeyond).length / drawn.length;
    return [
      { column, end: 'least' as const, value: low, share: share(value => value < low) },
      { column, end: 'greatest' as const, value: high, share: share(value => value > high) },
    ].filter(one => one.share > least);
  });
  return ends.toSorted((a, b) => b.share - a.share).slice(0, MOST);
}
