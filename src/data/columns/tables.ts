import type { TextTable } from '../formats/text/contract.ts';
import { recordTable } from '../formats/text/json-records.ts';
import type { Table } from '../table.ts';
import type { ColumnKind, TableLayout } from './kinds.ts';
import { type TextColumnOptions, textColumns } from './text-columns.ts';

/** What the columns of a table hold. */
export interface TableKinds {
  /** The kind of each modelled column, in the order of the values. */
  readonly kinds: readonly ColumnKind[];
  /** Every column of the table, in its order. */
  readonly layout: TableLayout;
  /** What became of the columns, one line for each kind. */
  readonly notes: readonly string[];
}

/** The kinds of the columns of a text table, and its layout. @throws as `textColumns` */
export function inferKinds(table: TextTable, options: TextColumnOptions = {}): TableKinds {
  const { kinds = [], layout = [], notes = [] } = textColumns(table, { constants: false, ...options });
  return { kinds, layout, notes };
}

/**
 * Rows as objects, as a table: `finiteDataset('mine', tableOfRows(rows))` is data for `train`. Values are
 * numbers, texts, truths, dates or null; a kind is found for each column, or is said by `kinds`.
 * @param where names the rows in errors. Default `rows`
 * @throws failure for no rows, and as `textColumns`
 */
export const tableOfRows = (
  rows: readonly Readonly<Record<string, unknown>>[],
  options: TextColumnOptions = {},
  where = 'rows',
): Table<Float64Array<ArrayBuffer>> =>
  textColumns(recordTable(rows, where), { constants: false, ...options });
