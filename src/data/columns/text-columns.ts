import { failure, shortList } from '../../errors.ts';
import type { TextOptions, TextTable } from '../formats/text/contract.ts';
import { readTextTable } from '../formats/text/table.ts';
import type { Table } from '../table.ts';
import { type ColumnChoice, chooseColumns } from './choice.ts';
import { type BadColumn, refuseColumns } from './faults.ts';
import { labelColumn } from './label-column.ts';
import { exclusion, mendTable } from './mend.ts';
import { type NumberColumn, readNumbers } from './numbers.ts';
import { soundRows } from './rows.ts';
import { numberStyles } from './styles.ts';

export interface TextColumnOptions extends ColumnChoice {
  /** The column of classes, with numbers or text; it is not a column of the data. */
  readonly labels?: string;
  /** Leave out every column that cannot be used, instead of throwing. */
  readonly dropUnusable?: boolean;
  /** Leave out every row with a cell that is not a number, or without a label. */
  readonly dropRows?: boolean;
  /**
   * Whether a constant column can be used; default true. It has no density, so it is false if columns are
   * standardised.
   */
  readonly constants?: boolean;
}

export interface CsvOptions extends TextOptions, TextColumnOptions {}

/** The columns of numbers of a text table: `textColumns` of `readTextTable`. */
export const readCsv = (
  bytes: Uint8Array,
  where: string,
  options: CsvOptions = {},
  usual = ',',
): Table<Float64Array<ArrayBuffer>> => textColumns(readTextTable(bytes, where, options, usual), options);

/**
 * The columns of a text table as numbers. By default every column of numbers is used. A column of text (fewer
 * than half of its cells are numbers) is left out with a note. Numbers may be written `1,234`, `12%`, `$5` or
 * `true`, if the whole column does so.
 * @throws failure naming every column that mixes numbers with text, missing values, infinities or digits
 * beyond float64, with its counts and the option that leaves them all out; also if no column has numbers
 */
export function textColumns(
  table: TextTable,
  options: TextColumnOptions = {},
): Table<Float64Array<ArrayBuffer>> {
  const { labels, exclude = [], constants = true, dropUnusable = false, dropRows = false } = options;
  const without = labels === undefined ? exclude : [...exclude, labels];
  const { positions, named } = chooseColumns({ ...options, exclude: without }, table.names, table.where);
  const styles = numberStyles(table.dialect.decimal);
  const columns = positions.map(at => readNumbers(table.names[at]!, table.column(at), styles));
  const isText = ({ faults, numbers }: NumberColumn) =>
    (!named || dropUnusable) && faults.text > 0 && numbers < faults.text;
  const numeric = columns.filter(column => !isText(column));
  const bad = dropRows ? [] : badColumns(numeric, table.count, { constants, dropUnusable });
  const unusable = new Set(bad.map(({ column }) => column));
  const kept = numeric.filter(column => !unusable.has(column));
  if (bad.length > 0 && !(dropUnusable && kept.length > 0))
    throw refuseColumns(bad, table, mendTable(table, { exclude, named, numeric, bad: [...unusable] }));
  if (kept.length === 0)
    throw failure('no column holds numbers', {
      where: table.where,
      got: shortList(columns.map(({ name }) => name)),
    });
  const classes = labels === undefined ? undefined : labelColumn(table, labels);
  const rows = dropRows ? soundRows(kept, table.count, classes?.missing) : undefined;
  if (rows?.length === 0)
    throw failure('every row has a cell that is no number', {
      where: table.where,
      remedy: 'Leave out the columns that have few numbers',
    });
  return {
    where: table.where,
    values: packed(kept, rows ?? allRows(table.count)),
    count: rows?.length ?? table.count,
    shape: [kept.length],
    columns: kept.map(({ name }) => name),
    ...(rows && { rows }),
    without: (names: readonly string[]) => exclusion(names, table.names, exclude),
    notes: [...table.remarks, ...remarks(columns.filter(isText), bad, kept), ...dropped(table.count, rows)],
    ...(classes && { labels: classes.labels(rows) }),
  };
}

const allRows = (count: number) => Uint32Array.from({ length: count }, (_, row) => row);

const dropped = (count: number, rows?: Uint32Array): string[] =>
  rows && rows.length < count
    ? [
        `left out: ${(count - rows.length).toLocaleString('en')} of ${count.toLocaleString('en')} rows, with cells that are no numbers`,
      ]
    : [];

/**
 * The columns that cannot be used. Constant columns are among them only if there are other faults, or if all
 * unusable columns are left out.
 */
function badColumns(
  columns: readonly NumberColumn[],
  rows: number,
  { constants, dropUnusable }: { readonly constants: boolean; readonly dropUnusable: boolean },
): BadColumn[] {
  const judged = columns.map(column => ({ column, constant: isConstant(column) }));
  const isFaulty = ({ column }: BadColumn) => column.numbers < rows;
  if (!dropUnusable && !judged.some(isFaulty)) return [];
  return judged.filter(one => isFaulty(one) || (one.constant && !constants));
}

const isConstant = ({ values, numbers }: NumberColumn): boolean =>
  numbers === values.length && values.every(value => value === values[0]);

function packed(columns: readonly NumberColumn[], rows: Uint32Array): Float64Array<ArrayBuffer> {
  const values = new Float64Array(rows.length * columns.length);
  for (const [d, column] of columns.entries())
    for (let i = 0; i < rows.length; i++) values[i * columns.length + d] = column.values[rows[i]!]!;
  return values;
}

function remarks(
  texts: readonly NumberColumn[],
  bad: readonly BadColumn[],
  kept: readonly NumberColumn[],
): string[] {
  const notes: string[] = [];
  if (texts.length > 0) notes.push(`left out, as they hold text: ${shortList(texts.map(textName), 8, '')}`);
  if (bad.length > 0)
    notes.push(`left out, as they cannot be used: ${shortList(bad.map(({ column }) => column.name))}`);
  const styled = kept.filter(({ style }) => style.example).map(c => `"${c.name}" (${c.style.example})`);
  if (styled.length > 0) notes.push(`read as numbers: ${shortList(styled, 8, '')}`);
  return notes;
}

const textName = ({ name, numbers, values }: NumberColumn): string =>
  numbers === 0
    ? `"${name}"`
    : `"${name}" (${numbers.toLocaleString('en')} of ${values.length.toLocaleString('en')} cells are numbers)`;
