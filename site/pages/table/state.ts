import { element } from '../dom.ts';
import type { ColumnCard } from '../work/tables.ts';

/** All that the page shows. */
export const shown = {
  file: 'table',
  columns: [] as readonly ColumnCard[],
  values: new Float64Array(0) as Float64Array,
  rows: new Float64Array(0) as Float64Array,
  text: '',
  filled: '',
};

export const input = (id: string) => element<HTMLInputElement>(id);

/** The values of a column in rows `[n, C]`. */
export const columnOf = (values: Float64Array, c: number): number[] => {
  const width = shown.columns.length;
  return Array.from({ length: values.length / width }, (_, i) => values[i * width + c]!);
};
