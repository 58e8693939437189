import type { Part } from '../../../measure/contract.ts';
import type { Run } from '../../run.ts';
import { columnNames } from '../questions.ts';
import type { Quantity } from './quantities.ts';

/** Numbers that are ranked, of wide samples. */
const MOST_RANKED = 16;

/** The columns, or values of wide samples, that are open, and the names of those that are given exactly. */
export function columnQuantities(
  { config: { data } }: Run,
  parts: readonly Part[],
  size: number,
): { readonly quantities: Quantity[]; readonly leftOut: string[] } {
  const names = data.shape.length === 1 || data.columns ? columnNames(size, data.columns) : [];
  const nameOf = (d: number) => names[d] ?? `value ${d}`;
  const given = givenPlaces(parts, size);
  const open = Array.from({ length: size }, (_, d) => d).filter(d => !given.has(d));
  return {
    quantities: spread(open).map(d => ({
      name: nameOf(d),
      of: rows => Float64Array.from(rows.map(row => row[d]!)),
    })),
    leftOut: [...given].sort((a, b) => a - b).map(nameOf),
  };
}

/** The places that have an exact value or a word: every answer has it. */
function givenPlaces(parts: readonly Part[], size: number): Set<number> {
  const places = new Set<number>();
  for (const part of parts) {
    if (part.kind === 'word') places.add(part.cell);
    if (part.kind !== 'linear' || part.law.kind !== 'normal') continue;
    for (const [i, std] of part.law.std.entries()) {
      const row = part.matrix.subarray(i * size, (i + 1) * size);
      const used = [...row.keys()].filter(d => row[d] !== 0);
      if (std === 0 && used.length === 1) places.add(used[0]!);
    }
  }
  return places;
}

/** All of few places, else some of them, evenly spread. */
const spread = (places: readonly number[]): number[] =>
  places.length <= MOST_RANKED
    ? [...places]
    : Array.from(
        { length: MOST_RANKED },
        (_, k) => places[Math.floor(((k + 0.5) * places.length) / MOST_RANKED)]!,
      );
