import type { ColumnCard } from './work/tables.ts';

const BINS = 28;

/** The shares of two samples of a column in common bins: its categories, or equal parts of its range. */
export function shares(
  data: readonly number[],
  model: readonly number[],
  { names, kind }: Pick<ColumnCard, 'names' | 'kind'>,
) {
  const known = data.filter(Number.isFinite);
  if (names || kind === 'yes-no') {
    const count = names?.length ?? 2;
    const of = (values: readonly number[]) =>
      Array.from(
        { length: count },
        (_, k) => values.filter(value => value === k).length / (values.length || 1),
      );
    return { data: of(known), model: of(model), range: names ? names.slice(0, 4).join(' · ') : 'no · yes' };
  }
  const sorted = known.toSorted((a, b) => a - b);
  const [low, high] = [
    sorted[Math.floor(sorted.length * 0.005)] ?? 0,
    sorted[Math.ceil(sorted.length * 0.995) - 1] ?? 1,
  ];
  const width = (high - low) / BINS || 1;
  const of = (values: readonly number[]) => {
    const counts = new Array<number>(BINS).fill(0);
    for (const value of values) {
      const bin = Math.floor((value - low) / width);
      if (value <= high && bin >= 0) counts[Math.min(bin, BINS - 1)]! += 1 / (values.length || 1);
    }
    return counts;
  };
  const shown = (value: number) => Number(value.toPrecision(3)).toLocaleString('en');
  return { data: of(known), model: of(model), range: `${shown(low)} … ${shown(high)}` };
}
