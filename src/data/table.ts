import { failure } from '../errors.ts';
import type { NumberArray } from '../files/index.ts';
import type { TableLabels } from './labels.ts';

/** Finite data as read from a file, in original units and the file's own precision. */
export interface Table {
  /** Where it came from, for errors. */
  readonly where: string;
  /** `[count, ...shape]` */
  readonly values: NumberArray;
  readonly count: number;
  readonly shape: readonly number[];
  readonly columns?: readonly string[];
  readonly notes?: readonly string[];
  /** The classes of the rows, where they were asked for. */
  readonly labels?: TableLabels;
}

/** Values in one row. */
export const width = ({ shape }: Pick<Table, 'shape'>): number =>
  shape.reduce((product, extent) => product * extent, 1);

/** How people call place d of a row: `column "age"`, or `element [3, 4]` where there are no names. */
export function placeName({ columns, shape }: Pick<Table, 'columns' | 'shape'>, d: number): string {
  if (columns) return `column "${columns[d]}"`;
  const index: number[] = [];
  let rest = d;
  for (const extent of [...shape].reverse()) {
    index.unshift(rest % extent);
    rest = Math.floor(rest / extent);
  }
  return `element [${index.join(', ')}]`;
}

/** Refuses the first value for which `bad` holds, with its row (from 1) and column. */
export function refuseValues(
  table: Table,
  bad: (value: number) => boolean,
  what: string,
  parts: { expected: string; remedy?: string },
): void {
  const size = width(table);
  const at = (table.values as { findIndex(test: (value: number) => boolean): number }).findIndex(bad);
  if (at < 0) return;
  const place = `row ${Math.floor(at / size) + 1}, ${placeName(table, at % size)}`;
  throw failure(what, { where: `${table.where}, ${place}`, got: table.values[at], ...parts });
}

/** Refuses data with no rows, no columns, or a value that is not finite. */
export function checkTable(table: Table): Table {
  if (table.count === 0 || width(table) === 0)
    throw failure('no data', { where: table.where, got: `${table.count} rows of ${width(table)} values` });
  refuseValues(table, value => !Number.isFinite(value), 'not a finite number', {
    expected: 'finite numbers',
    remedy: 'Mend or remove the row.',
  });
  return table;
}
