import { type CellJson, jsonWriter, textWriter, typedText } from './cells.ts';
import type { ColumnKind, LayoutColumn, TableLayout } from './kinds.ts';

/** The text formats in which rows can be written. */
export const rowForms = ['csv', 'tsv', 'jsonl'] as const;
/** A name of `rowForms`. */
export type RowForm = (typeof rowForms)[number];

/** Further options of writing rows. */
export interface WriteOptions {
  /** The class of each row, for the column of labels. Without it that column is left out. */
  readonly label?: ((row: number) => string) | undefined;
}

/** A column to write: its name, and its cell in a row. */
export interface Written<T> {
  readonly name: string;
  /** Its place in a record, if records are within records. Default: its name. */
  readonly path?: readonly string[] | undefined;
  cell(row: number): T;
}

/** Rows in one piece of text. */
const PIECE = 1000;

/**
 * Rows as their file has them, in pieces of text: the same columns in the same order, with the same names,
 * rounding and marks. Constant columns are written, ignored ones are not.
 * @param values `[n, C]`, one value for each kind
 * @param form `csv` (RFC 4180), `tsv`, or `jsonl`: one JSON object in each line
 */
export function* rowsAsText(
  layout: TableLayout,
  kinds: readonly ColumnKind[],
  values: ArrayLike<number>,
  form: RowForm,
  options: WriteOptions = {},
): Generator<string> {
  const count = values.length / kinds.length;
  yield* written(form, count, cells => writtenColumns(layout, kinds, values, cells, options));
}

/** Rows of columns in pieces of text. `columns` makes them from texts or from values of JSON. */
export function* written(
  form: RowForm,
  count: number,
  columns: <T>(cells: Form<T>) => readonly Written<T>[],
): Generator<string> {
  if (form === 'jsonl') {
    const ofJson = columns(JSON_FORM);
    yield* pieces(count, row => `${JSON.stringify(recordOf(ofJson, row))}\n`);
    return;
  }
  const mark = form === 'csv' ? ',' : '\t';
  const ofText = columns(TEXT_FORM);
  const line = (cells: readonly string[]) => `${cells.map(cell => field(cell, mark)).join(mark)}\n`;
  yield line(ofText.map(({ name }) => name));
  yield* pieces(count, row => line(ofText.map(column => column.cell(row))));
}

/**
 * Rows as objects, with one property for each written column: numbers as numbers, names and dates as texts,
 * null for missing values.
 * @param values `[n, C]`, one value for each kind
 */
export function rowsAsObjects(
  layout: TableLayout,
  kinds: readonly ColumnKind[],
  values: ArrayLike<number>,
  options: WriteOptions = {},
): Record<string, CellJson>[] {
  const columns = writtenColumns(layout, kinds, values, JSON_FORM, options);
  return Array.from({ length: values.length / kinds.length }, (_, row) => objectOf(columns, row));
}

const objectOf = (columns: readonly Written<CellJson>[], row: number): Record<string, CellJson> =>
  Object.fromEntries(columns.map(({ name, cell }) => [name, cell(row)]));

/** A record with the records that it had in it. */
interface Nested {
  [name: string]: CellJson | Nested;
}

/** The record of a row, with columns at their paths. */
function recordOf(columns: readonly Written<CellJson>[], row: number): Nested {
  const record: Nested = {};
  for (const { name, path = [name], cell } of columns) {
    let at = record;
    for (const key of path.slice(0, -1)) {
      if (!Object.hasOwn(at, key) || typeof at[key] !== 'object' || at[key] === null) define(at, key, {});
      at = at[key] as Nested;
    }
    define(at, path.at(-1)!, cell(row));
  }
  return record;
}

/** Sets a property of any name, `__proto__` too. */
const define = (record: Nested, key: string, value: CellJson | Nested) =>
  Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });

function* pieces(count: number, line: (row: number) => string): Generator<string> {
  for (let from = 0; from < count; from += PIECE) {
    const rows = Math.min(PIECE, count - from);
    yield Array.from({ length: rows }, (_, i) => line(from + i)).join('');
  }
}

/** How values and texts become cells. */
export interface Form<T> {
  writer(kind: ColumnKind, style: Extract<LayoutColumn, { role: 'modelled' }>['style']): (value: number) => T;
  text(text: string): T;
  /** Whether a number that was read stays as it was written. */
  readonly verbatim: boolean;
}

const TEXT_FORM: Form<string> = { writer: textWriter, text: text => text, verbatim: true };
const JSON_FORM: Form<CellJson> = {
  writer: jsonWriter,
  text: text => (text === '' ? null : typedText(text)),
  verbatim: false,
};

function writtenColumns<T>(
  layout: TableLayout,
  kinds: readonly ColumnKind[],
  values: ArrayLike<number>,
  form: Form<T>,
  { label }: WriteOptions,
): readonly Written<T>[] {
  return layout.flatMap((column): Written<T>[] => {
    const { name } = column;
    if (column.role === 'constant') {
      const cell = form.text(column.text);
      return [{ name, cell: () => cell }];
    }
    if (column.role === 'label') return label ? [{ name, cell: row => form.text(label(row)) }] : [];
    if (column.role === 'ignored') return [];
    const write = form.writer(kinds[column.index]!, column.style);
    return [{ name, cell: row => write(values[row * kinds.length + column.index]!) }];
  });
}

/**
 * A field of a line. It is in quotes if it contains the delimiter, a quote or a line end, or has blanks at
 * its ends.
 */
const field = (cell: string, mark: string): string =>
  cell.includes(mark) || /["\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
