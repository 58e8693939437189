import type { OptionValues } from '../errors/shell.ts';
import { failure, shortList } from '../errors.ts';
import { mapInto, type NumberArray } from '../files/numbers.ts';
import { endText } from './columns/bounds.ts';
import type { Stranger } from './columns/infer/outcome.ts';
import type { ColumnKind, TableLayout } from './columns/kinds.ts';
import type { TableLabels } from './labels.ts';

/** Numbers in memory, or in a file that is read piece by piece on request. */
export interface Numbers {
  /** Number of values. */
  readonly length: number;
  /** The values from `from` up to but not including `to`. Both are multiples of the row width. */
  subarray(from: number, to: number): NumberArray;
  /** What holds for every value without reading it: `bytes` are 0 … 255. */
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
  /** The shape of one row, [...D]. */
  readonly shape: readonly number[];
  /** The names of the columns, in the order of the values. */
  readonly columns?: readonly string[];
  /** What each column holds. Without it, all values are real numbers, and none is missing. */
  readonly kinds?: readonly ColumnKind[];
  /** Every column of the file, in its order. */
  readonly layout?: TableLayout;
  /** Which array of an archive with several this is. */
  readonly array?: string;
  /** The row of the file, from 0, of each row, if some were left out. */
  readonly rows?: Uint32Array;
  /** Cells of names that the kinds do not know, where such are told: these cells are missing. */
  readonly strangers?: readonly Stranger[];
  /** The options that leave out these columns as well as those already left out. */
  without?(columns: readonly string[]): OptionValues;
  /** Remarks for the user: columns left out, bins assumed. */
  readonly notes?: readonly string[];
  /** The classes of the rows, if labels were requested. */
  readonly labels?: TableLabels;
}

/** A table as read from a file. */
export interface Loaded {
  readonly table: Table<Numbers>;
  /** Whether the values are the 256 levels of a picture. */
  readonly levels: boolean;
}

/** Number of values in one row. */
export const width = ({ shape }: Pick<Table, 'shape'>): number =>
  shape.reduce((product, extent) => product * extent, 1);

/** The names of the values of a row: the column names, or x1, x2, … as in output files. */
export const valueNames = (table: Table<Numbers>): readonly string[] =>
  table.columns ?? Array.from({ length: width(table) }, (_, d) => `x${d + 1}`);

/** A readable name for position d of a row: `column "age"`, or `element [3, 4]` without column names. */
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

/** Values read from a table at once: 4 MiB of float32. */
const BLOCK = 2 ** 20;

/** The table as consecutive blocks of whole rows, each with the number of its first row. */
export function* blocks(table: Table<Numbers>): Generator<{ values: NumberArray; first: number }> {
  const size = width(table);
  const rows = Math.max(1, Math.floor(BLOCK / size));
  for (let first = 0; first < table.count; first += rows) {
    const to = Math.min(table.count, first + rows);
    yield { values: table.values.subarray(first * size, to * size), first };
  }
}

/** The values at these places of all rows: in memory, or read on demand as those of the table are. */
export function projected(table: Table<Numbers>, places: readonly number[]): Numbers {
  const { values, count } = table;
  if (!values.close) return gathered(table, places);
  const [size, part] = [width(table), places.length];
  const rows = (from: number, to: number) => {
    const block = values.subarray((from / part) * size, (to / part) * size);
    return gathered({ ...table, values: block, count: (to - from) / part }, places);
  };
  return { length: count * part, subarray: rows, close: () => values.close?.() };
}

function gathered(table: Table<Numbers>, places: readonly number[]): Float64Array<ArrayBuffer> {
  const size = width(table);
  const values = new Float64Array(table.count * places.length);
  for (const { values: block, first } of blocks(table))
    for (let row = 0; row * size < block.length; row++)
      for (const [i, d] of places.entries())
        values[(first + row) * places.length + i] = block[row * size + d]!;
  return values;
}

/** The values of the table, each mapped in its column: in memory, or on demand as those of the table are. */
export function mapped(table: Table<Numbers>, map: (value: number, d: number) => number): Numbers {
  const { values, count } = table;
  const size = width(table);
  const rows = (from: number, to: number) =>
    mapInto(new Float64Array(to - from), values.subarray(from, to), (value, place) =>
      map(value, place % size),
    );
  if (!values.close) return rows(0, count * size);
  return { length: count * size, subarray: rows, close: () => values.close?.() };
}

interface Findable {
  findIndex(test: (value: number, place: number) => boolean): number;
}

/** Refuses the first value for which `bad` holds, with its row (from 1) and column. */
export function refuseValues(
  table: Table<Numbers>,
  bad: (value: number, d: number) => boolean,
  what: string | (() => string),
  parts: { expected: string; remedy?: string },
): void {
  const size = width(table);
  for (const { values, first } of blocks(table)) {
    const at = (values as Findable).findIndex((value, place) => bad(value, place % size));
    if (at < 0) continue;
    const place = `row ${first + Math.floor(at / size) + 1}, ${placeName(table, at % size)}`;
    const kind = table.kinds?.[at % size];
    const got = kind?.kind === 'date' ? endText(kind, values[at]!) : values[at];
    throw failure(typeof what === 'string' ? what : what(), {
      where: `${table.where}, ${place}`,
      got,
      ...parts,
    });
  }
}

/** How many values are bad, and in which columns, if there are several. */
function countOf(table: Table<Numbers>, bad: (value: number) => boolean): string {
  const size = width(table);
  const counts = new Map<number, number>();
  let [values, rows] = [0, 0];
  for (const block of blocks(table))
    for (let from = 0; from < block.values.length; from += size) {
      const before = values;
      for (let d = 0; d < size; d++)
        if (bad(block.values[from + d]!)) {
          values++;
          counts.set(d, (counts.get(d) ?? 0) + 1);
        }
      if (values > before) rows++;
    }
  if (values < 2) return '';
  const places = [...counts].map(([d, count]) => `${placeName(table, d)} ${count.toLocaleString('en')}`);
  return ` (${values.toLocaleString('en')} such values in ${rows.toLocaleString('en')} rows: ${shortList(places, 4, '')})`;
}

/** Refuses data with no rows, no columns, or a value that is not finite; NaN may stand for a missing one. */
export function checkTable<Values extends Numbers>(
  table: Table<Values>,
  { missing = false }: { readonly missing?: boolean } = {},
): Table<Values> {
  if (table.count === 0 || width(table) === 0)
    throw failure('no data', { where: table.where, got: `${table.count} rows of ${width(table)} values` });
  if (areBytes(table)) return table;
  const isBad = (value: number) => !Number.isFinite(value) && !(missing && Number.isNaN(value));
  refuseValues(table, isBad, () => `not a finite number${countOf(table, isBad)}`, {
    expected: 'finite numbers',
    remedy: 'Mend or remove the row.',
  });
  return table;
}

/** Whether every value is known to be a whole number from 0 to 255. This saves a pass over a large file. */
export const areBytes = ({ values }: Table<Numbers>): boolean =>
  values instanceof Uint8Array || values.known === 'bytes';
