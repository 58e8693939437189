import { extname } from 'node:path';
import type { ColumnKind, RowForm, TableLayout, TextOptions } from '../../data/index.ts';
import { shortList } from '../../errors.ts';
import { writeFileAtomic } from '../../files/atomic.ts';
import type { ModelConfig } from '../../run/folder/config.ts';
import type { HostTensor } from '../../tensor/types.ts';
import { columnNames, print, type TextColumn, writeRows } from '../terminal/output.ts';

const FORMS: Readonly<Record<string, RowForm>> = { '.tsv': 'tsv', '.jsonl': 'jsonl' };

/** How rows are written. */
export interface TableOutput {
  /** The class of each row. */
  readonly labels?: TextColumn | undefined;
  /** Whether values are not on the grids of their columns, so that all digits are written. */
  readonly raw?: boolean | undefined;
}

/**
 * Writes rows in the units of a run’s data, to a file or as CSV to stdout. Rows of a table are written like
 * its file: the same columns in the same order, each in its own way of writing.
 */
export async function writeTable(
  path: string | undefined,
  rows: HostTensor,
  { data }: ModelConfig,
  { labels, raw = false }: TableOutput = {},
): Promise<void> {
  const ending = path === undefined ? '.csv' : extname(path).toLowerCase();
  const form = FORMS[ending];
  const fileForm = data.layout && data.kinds && !raw ? { layout: data.layout, kinds: data.kinds } : undefined;
  if (ending === '.npy' || (!form && !fileForm)) return writeRows(path, rows, data.columns, labels);
  const { rowsAsText } = await import('../../data/index.ts');
  const table = fileForm ?? plainTable(rows, data.columns);
  const layout = labels ? withLabels(table.layout, labels.name) : table.layout;
  const text = rowsAsText(layout, table.kinds, rows.data, form ?? 'csv', labels && { label: labels.at });
  return path === undefined ? print(text) : writeFileAtomic(path, [...text].join(''));
}

/** Columns of real numbers, with all their digits. */
function plainTable(
  { data, shape }: HostTensor,
  columns?: readonly string[],
): { layout: TableLayout; kinds: readonly ColumnKind[] } {
  const names = columnNames(data.length / shape[0]!, columns);
  return {
    layout: names.map((name, index) => ({ name, role: 'modelled', index })),
    kinds: names.map(() => ({ kind: 'number' })),
  };
}

/** Rows of a file with their holes filled. */
export interface FilledOutput {
  /** The file, and how its text is read. */
  readonly file: string;
  readonly text: TextOptions | undefined;
  /** The row of the file, from 0, of each row, and whether it had a value in each cell. */
  readonly rows: ArrayLike<number>;
  readonly known: ArrayLike<unknown>;
  /** Whether new numbers are means: with more decimals than their column; in arrays with all digits. */
  readonly means: boolean;
}

/** Writes rows with filled holes. All else of a table of text stays as it was written. */
export async function writeFilled(
  path: string | undefined,
  rows: HostTensor,
  config: ModelConfig,
  { file, text: textOptions, ...filled }: FilledOutput,
): Promise<void> {
  const { layout, kinds } = config.data;
  const ending = path === undefined ? '.csv' : extname(path).toLowerCase();
  const { filledAsText, openCells } = await import('../../data/index.ts');
  const table = layout && kinds && ending !== '.npy' ? await openCells(file, textOptions) : undefined;
  if (!table) return writeTable(path, rows, config, { raw: filled.means });
  const text = filledAsText(layout!, kinds!, { ...filled, table, values: rows.data }, FORMS[ending] ?? 'csv');
  return path === undefined ? print(text) : writeFileAtomic(path, [...text].join(''));
}

/** The layout with the column of classes; at the end, if the file has none. */
const withLabels = (layout: TableLayout, name: string): TableLayout =>
  layout.some(({ role }) => role === 'label') ? layout : [...layout, { name, role: 'label' }];

/** A remark that names the columns of a run’s file that samples do not have. */
export function absentColumns({ data }: ModelConfig, labelled: boolean): string | undefined {
  const left = (data.layout ?? []).flatMap(column => {
    if (column.role === 'label')
      return labelled ? [] : [`"${column.name}" (classes; --label all draws of each)`];
    const isAbsent = column.role === 'ignored' && !['excluded', 'as asked'].includes(column.reason);
    return isAbsent ? [`"${column.name}" (${column.reason})`] : [];
  });
  return left.length > 0 ? `columns of the file that samples lack: ${shortList(left, 8, '')}` : undefined;
}
