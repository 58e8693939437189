import { failure, shortList } from '../../errors.ts';
import type { TextOptions, TextTable } from '../formats/text/contract.ts';
import { isMissingLabel } from '../formats/text/numerals.ts';
import { readTextTable } from '../formats/text/table.ts';
import { labelCollector, type TableLabels } from '../labels.ts';
import type { Table } from '../table.ts';
import { type ColumnChoice, chooseColumns } from './choice.ts';
import { type BadColumn, exclusion, refuseColumns } from './faults.ts';
import { type NumberColumn, readNumbers } from './numbers.ts';
import { numberStyles } from './styles.ts';

export interface TextColumnOptions extends ColumnChoice {
  /** The column of classes, numbers or text; it is no column of the data. */
  readonly labels?: string;
  /** Leave out every column that cannot be used, in place of a refusal. */
  readonly dropUnusable?: boolean;
  /** Whether a constant column can be used; default true. It has no density, so not where columns are standardised. */
  readonly constants?: boolean;
}

export interface CsvOptions extends TextOptions, TextColumnOptions {}

/** The columns of numbers of a table of text: `textColumns` of `readTextTable`. */
export const readCsv = (
  bytes: Uint8Array,
  where: string,
  options: CsvOptions = {},
  usual = ',',
): Table<Float64Array<ArrayBuffer>> => textColumns(readTextTable(bytes, where, options, usual), options);

/**
 * The columns of a table of text as numbers. Without a choice every column of numbers is used; one of text (fewer than half of its cells
 * are numbers) is left out with a remark. Numbers may be written `1,234`, `12%`, `$5`, or `true`, where the whole column agrees.
 * @throws failure naming every column that mixes numbers with text, missing values, infinities or digits beyond float64, with its
 *   counts and what leaves all of them out; also where no column holds numbers
 */
export function textColumns(
  table: TextTable,
  options: TextColumnOptions = {},
): Table<Float64Array<ArrayBuffer>> {
  const { labels, exclude = [], constants = true, dropUnusable = false } = options;
  const without = labels === undefined ? exclude : [...exclude, labels];
  const { positions, named } = chooseColumns({ ...options, exclude: without }, table.names, table.where);
  const styles = numberStyles(table.dialect.decimal);
  const columns = positions.map(at => readNumbers(table.names[at]!, table.column(at), styles));
  const isText = (column: NumberColumn) =>
    (!named || dropUnusable) && column.faults.text > 0 && column.numbers < column.faults.text;
  const texts = columns.filter(isText);
  const numeric = columns.filter(column => !isText(column));
  const judged = numeric.map(column => ({ column, constant: isConstant(column) }));
  const faulty = judged.filter(({ column }) => column.numbers < table.count);
  const bad =
    faulty.length > 0 || dropUnusable
      ? judged.filter(one => one.column.numbers < table.count || (one.constant && !constants))
      : [];
  const unusable = new Set(bad.map(({ column }) => column));
  const kept = numeric.filter(column => !unusable.has(column));
  if (bad.length > 0 && !(dropUnusable && kept.length > 0))
    throw refuseColumns(bad, table, { exclude, others: kept.length > 0 });
  if (kept.length === 0)
    throw failure('no column holds numbers', {
      where: table.where,
      got: shortList(columns.map(({ name }) => name)),
    });
  return {
    where: table.where,
    values: packed(kept, table.count),
    count: table.count,
    shape: [kept.length],
    columns: kept.map(({ name }) => name),
    without: (names: readonly string[]) => exclusion(names, table.names, exclude),
    notes: [...table.remarks, ...remarks(texts, bad, kept)],
    ...(labels !== undefined && { labels: columnLabels(table, labels) }),
  };
}

const isConstant = ({ values, numbers }: NumberColumn): boolean =>
  numbers === values.length && values.every(value => value === values[0]);

function packed(columns: readonly NumberColumn[], rows: number): Float64Array<ArrayBuffer> {
  const values = new Float64Array(rows * columns.length);
  for (const [d, column] of columns.entries())
    for (let row = 0; row < rows; row++) values[row * columns.length + d] = column.values[row]!;
  return values;
}

function remarks(
  texts: readonly NumberColumn[],
  bad: readonly BadColumn[],
  kept: readonly NumberColumn[],
): string[] {
  const told: string[] = [];
  if (texts.length > 0) told.push(`left out, as they hold text: ${shortList(texts.map(textName), 8, '')}`);
  if (bad.length > 0)
    told.push(`left out, as they cannot be used: ${shortList(bad.map(({ column }) => column.name))}`);
  const styled = kept.filter(({ style }) => style.example).map(c => `"${c.name}" (${c.style.example})`);
  if (styled.length > 0) told.push(`read as numbers: ${shortList(styled, 8, '')}`);
  return told;
}

const textName = ({ name, numbers, values }: NumberColumn): string =>
  numbers === 0
    ? `"${name}"`
    : `"${name}" (${numbers.toLocaleString('en')} of ${values.length.toLocaleString('en')} cells are numbers)`;

/** The classes of a column; a row that says `NA`, `nan`, `?` or nothing has none. */
function columnLabels(table: TextTable, name: string): TableLabels {
  const cells = table.column(table.names.indexOf(name));
  const missing = [...cells.keys()].filter(row => isMissingLabel(cells[row]!));
  if (missing.length > 0)
    throw failure(
      missing.length === 1 ? 'a row without a label' : `${missing.length} rows without a label, the first`,
      {
        where: `${table.where}, ${table.place(missing[0]!)}, "${name}"`,
        got: cells[missing[0]!],
        remedy: 'Give each a class of its own, or remove the rows',
      },
    );
  const labels = labelCollector(name, table.where);
  for (const [row, cell] of cells.entries()) labels.add(cell, table.place(row));
  return labels.close();
}
