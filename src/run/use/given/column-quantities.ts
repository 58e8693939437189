import type { Run } from '../../run.ts';
import { columnNames } from '../questions.ts';
import type { Quantity } from './quantities.ts';

/** Numbers that are ranked, of wide samples. */
const MOST_RANKED = 16;

/** The columns, or values of wide samples. */
export function columnQuantities({ config: { data } }: Run, size: number): Quantity[] {
  const names = data.shape.length === 1 || data.columns ? columnNames(size, data.columns) : [];
  return rankedPlaces(size).map(d => ({
    name: names[d] ?? `value ${d}`,
    of: rows => Float64Array.from(rows.map(row => row[d]!)),
  }));
}

/** All places of narrow samples, else some of them, evenly spread. */
const rankedPlaces = (size: number): number[] =>
  Array.from({ length: Math.min(size, MOST_RANKED) }, (_, k) =>
    size <= MOST_RANKED ? k : Math.floor(((k + 0.5) * size) / MOST_RANKED),
  );
