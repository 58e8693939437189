import type { OptionValues } from '../errors/shell.ts';
import { failure } from '../errors.ts';
import type { NumberArray } from '../files/index.ts';
import type { TableLabels } from './labels.ts';

/** Numbers in memory, or in a file from which a stretch is read when it is asked for. */
export interface Numbers {
  /** How many there are. */
  readonly length: number;
  /** Those from `from` up to, not including, `to`; both are multiples of a row. */
  subarray(from: number, to: number): NumberArray;
  /** What is known of every value without a look: `bytes` are 0 … 255. */
  readonly known?: 'bytes';
  /** Closes the file. */
  close?(): void;
}

/** Finite data, in original units and the file's own precision. */
export interface Table<Values extends Numbers = NumberArray> {
  /** Where it came from, for errors. */
  readonly where: string;
  /** `[count, ...shape]` */
  readonly values: Values;
  /** Rows. */
  readonly count: number;
  /** The form of one row, [...D]. */
  readonly shape: readonly number[];
  /** The names of the columns, in the order of the values. */
  readonly columns?: readonly string[];
  /** Which array of an archive with several this is. */
  readonly array?: string;
  /** Rows of the file that these are, from 0, where some were left out. */
  readonly rows?: Uint32Array;
  /** The options that would leave these columns out too, besides those that are left out already. */
  without?(columns: readonly string[]): OptionValues;
  /** What a person should be told: columns left out, bins assumed. */
  readonly notes?: readonly string[];
  /** The classes of the rows, where they were asked for. */
  readonly labels?: TableLabels;
}

/** A table as a file gives it. */
export interface Loaded {
  readonly table: Table<Numbers>;
  /** Whether the values are the 256 levels of a picture. */
  readonly levels: boolean;
}

/** Values in one row. */
export const width = ({ shape }: Pick<Table, 'shape'>): number =>
  shape.reduce((product, extent) => product * extent, 1);

/** The names of the values of a row: those of the columns, or x1, x2, … as in what is written. */
export const valueNames = (table: Table<Numbers>): readonly string[] =>
  table.columns ?? Array.from({ length: width(table) }, (_, d) => `x${d + 1}`);

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

/** As many values as one look at a table takes: 4 MiB of float32. */
const BLOCK = 2 ** 20;

/** Stretches of whole rows from the first to the last, each with the number of its first row. */
export function* blocks(table: Table<Numbers>): Generator<{ values: NumberArray; first: number }> {
  const size = width(table);
  const rows = Math.max(1, Math.floor(BLOCK / size));
  for (let first = 0; first < table.count; first += rows) {
    const to = Math.min(table.count, first + rows);
    yield { values: table.values.subarray(first * size, to * size), first };
  }
}

interface Findable {
  findIndex(test: (value: number, place: number) => boolean): number;
}

/** Refuses the first value for which `bad` holds, with its row (from 1) and column. */
export function refuseValues(
  table: Table<Numbers>,
  bad: (value: number, d: number) => boolean,
  what: string,
  parts: { expected: string; remedy?: string },
): void {
  const size = width(table);
  for (const { values, first } of blocks(table)) {
    const at = (values as Findable).findIndex((value, place) => bad(value, place % size));
    if (at < 0) continue;
    const place = `row ${first + Math.floor(at / size) + 1}, ${placeName(table, at % size)}`;
    throw failure(what, { where: `${table.where}, ${place}`, got: values[at], ...parts });
  }
}

/** Refuses data with no rows, no columns, or a value that is not finite. */
export function checkTable<Values extends Numbers>(table: Table<Values>): Table<Values> {
  if (table.count === 0 || width(table) === 0)
    throw failure('no data', { where: table.where, got: `${table.count} rows of ${width(table)} values` });
  if (areBytes(table)) return table;
  refuseValues(table, value => !Number.isFinite(value), 'not a finite number', {
    expected: 'finite numbers',
    remedy: 'Mend or remove the row.',
  });
  return table;
}

/** Whether every value is known to be a whole number from 0 to 255, so that a pass over a large file can be saved. */
export const areBytes = ({ values }: Table<Numbers>): boolean =>
  values instanceof Uint8Array || values.known === 'bytes';
