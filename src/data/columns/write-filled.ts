import type { TextTable } from '../formats/text/contract.ts';
import type { ColumnKind, NumberText, TableLayout } from './kinds.ts';
import { writtenUnit } from './unit-names.ts';
import { inKnownUnits } from './units.ts';
import { type Form, type RowForm, type Written, written } from './write.ts';

/** Rows of a file whose holes have been filled. */
export interface FilledRows {
  /** The cells of the file. */
  readonly table: TextTable;
  /** The row of the file, from 0, of each row. */
  readonly rows: ArrayLike<number>;
  /** Whether the file had a value in each cell, `[n, C]`. */
  readonly known: ArrayLike<unknown>;
  /** The values of the rows, `[n, C]`. */
  readonly values: ArrayLike<number>;
  /** Whether new numbers are means, which lie between the values of a column: then with more decimals. */
  readonly means?: boolean;
}

/**
 * The rows of a file with all of its columns, in pieces of text. What it had stands as it was written; only
 * cells of the model that had no value are new, in the way of writing of their column.
 * @param layout columns by name, and `kinds`, one for each of the C values of a row
 * @param form `csv` (RFC 4180), `tsv`, or `jsonl`: one JSON object in each line
 */
export function filledAsText(
  layout: TableLayout,
  kinds: readonly ColumnKind[],
  { table, rows, known, values, means }: FilledRows,
  form: RowForm,
): Generator<string> {
  const names = namesInLayout(table, layout, kinds);
  const columns = <T>(cells: Form<T>): Written<T>[] =>
    table.names.map((name, at) => {
      const path = table.paths?.get(name);
      const texts = table.column(at);
      const column = layout.find(one => one.name === names[at]);
      const asWritten = (row: number) => cells.text(texts[rows[row]!]!);
      if (column?.role !== 'modelled') return { name, path, cell: asWritten };
      const kind = kinds[column.index]!;
      const isNumber = kind.kind === 'number' || kind.kind === 'grid';
      const write = means && isNumber ? meanWriter(cells, column.style) : cells.writer(kind, column.style);
      const place = (row: number) => row * kinds.length + column.index;
      const isKept = cells.verbatim || !isNumber;
      const cell = (row: number) =>
        isKept && known[place(row)] ? asWritten(row) : write(values[place(row)]!);
      return { name, path, cell };
    });
  return written(form, rows.length, columns);
}

/** Decimals that a mean has beyond those of its column; digits where the column has no fixed number. */
const [MORE, DIGITS] = [4, 8];

/** How a mean is written: as the column, with a few decimals more. */
function meanWriter<T>(cells: Form<T>, { decimals, fixed: _fixed, ...style }: NumberText = {}) {
  const isFixed = decimals !== undefined;
  const write = cells.writer({ kind: 'number' }, { ...style, ...(isFixed && { decimals: decimals + MORE }) });
  return isFixed ? write : (value: number) => write(Number(value.toPrecision(DIGITS)));
}

/** The names of the file, as the layout has them: `weight [kg]` for a column `weight`. */
function namesInLayout(
  table: TextTable,
  layout: TableLayout,
  kinds: readonly ColumnKind[],
): readonly string[] {
  const known = layout.flatMap(column =>
    column.role === 'modelled'
      ? [[column.name, { ...kinds[column.index]!, unit: writtenUnit(column.style ?? {}) }] as const]
      : [],
  );
  return inKnownUnits(table, Object.fromEntries(known)).names;
}
