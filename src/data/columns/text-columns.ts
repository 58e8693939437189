import { failure, shortList } from '../../errors.ts';
import type { Missing, TextOptions, TextTable } from '../formats/text/contract.ts';
import { readTextTable } from '../formats/text/table.ts';
import type { Table } from '../table.ts';
import { type ColumnChoice, chooseColumns, columnPositions } from './choice.ts';
import { type BadColumn, refuseColumns } from './faults.ts';
import { inferColumn } from './infer/infer.ts';
import type { ColumnOutcome, ModelledColumn } from './infer/outcome.ts';
import { plainColumn } from './infer/plain.ts';
import { kindRemarks } from './kind-remarks.ts';
import type { KindChoices } from './kinds.ts';
import { labelColumn } from './label-column.ts';
import { layoutOf } from './layout.ts';
import { exclusion, mendTable } from './mend.ts';
import { soundRows } from './rows.ts';
import { numberStyles } from './styles.ts';
import { withoutTotals } from './totals.ts';
import { inKnownUnits } from './units.ts';

/** Which columns of a text table are read, as what, and what becomes of cells without a value. */
export interface TextColumnOptions extends ColumnChoice {
  /** The column of classes, with numbers or text; it is not a column of the data. */
  readonly labels?: string;
  /** What columns hold, by their names or ranges of names; a kind of which nothing is said is found. */
  readonly kinds?: KindChoices;
  /** Leave out every column that cannot be used, in place of a refusal. */
  readonly dropUnusable?: boolean;
  /** Leave out every row with a cell that has no value, or without a label: `missing: 'drop'`. */
  readonly dropRows?: boolean;
  /** What becomes of missing cells. Default `keep`; `refuse` with `plain`. */
  readonly missing?: Missing;
  /**
   * Whether a constant column of numbers can be modelled; default true. It has no density, so not where
   * columns are standardised.
   */
  readonly constants?: boolean;
  /** Whether every column of numbers is whole numbers to be dequantised. Default false. */
  readonly whole?: boolean;
  /** Whether all columns are plain real numbers, and no kinds are looked for. Default false. */
  readonly plain?: boolean;
  /**
   * Whether a cell with a name that a complete kind does not know is missing and told in `strangers` of the
   * table. Default false: it is an error.
   */
  readonly strangers?: boolean;
}

export interface CsvOptions extends TextOptions, TextColumnOptions {}

/** The columns of a table of text: `textColumns` of `readTextTable`. */
export const readCsv = (
  bytes: Uint8Array,
  where: string,
  options: CsvOptions = {},
  usual = ',',
): Table<Float64Array<ArrayBuffer>> => textColumns(readTextTable(bytes, where, options, usual), options);

/**
 * The columns of a text table as values, each of the kind that `inferColumn` finds or `kinds` says. Constant
 * columns, identifiers, free text and empty columns are no columns of the result; its layout names them.
 * Numbers may be written `1,234`, `12%` or `$5`, if the whole column does so.
 * @throws failure naming every column with digits beyond float64, or with more than a tenth as many
 *   infinities as numbers; under `missing: 'refuse'` also those with missing values or text among numbers. It
 *   has their counts and what leaves all of them out. Also where no column can be modelled
 */
export function textColumns(
  source: TextTable,
  options: TextColumnOptions = {},
): Table<Float64Array<ArrayBuffer>> {
  const table = inKnownUnits(withoutTotals(source), options.kinds ?? {});
  const { labels, exclude = [], dropUnusable = false, plain = false } = options;
  const usual = plain ? 'refuse' : 'keep';
  const missing = options.dropRows ? 'drop' : (options.missing ?? usual);
  const leftOut = labels === undefined ? exclude : [...exclude, labels];
  const { positions, named } = chooseColumns({ ...options, exclude: leftOut }, table.names, table.where);
  const outcomes = outcomesOf(table, positions, named && !dropUnusable, options);
  const modelled = outcomes.filter(one => one.role === 'modelled');
  const faultyColumns = badColumns(modelled, table.count, { ...options, missing });
  const unusable = new Set(faultyColumns.map(({ column }) => column.name));
  const usable = modelled.filter(({ name }) => !unusable.has(name));
  if (faultyColumns.length > 0 && !(dropUnusable && usable.length > 0)) {
    const faulty = modelled.filter(({ name }) => unusable.has(name));
    throw refuseColumns(
      faultyColumns,
      table,
      options.missing === 'refuse',
      mendTable(table, { exclude, named, numeric: modelled, bad: faulty }),
    );
  }
  if (usable.length === 0) throw nothingLeft(table, outcomes);
  const classes = labels === undefined ? undefined : labelColumn(table, labels);
  const rows = missing === 'drop' ? soundRows(usable, table.count, classes?.missing) : undefined;
  if (rows?.length === 0)
    throw failure('every row has a cell without a value', {
      where: table.where,
      remedy: 'Leave out the columns that have few values',
    });
  return {
    where: table.where,
    values: packed(usable, rows ?? allRows(table.count)),
    count: rows?.length ?? table.count,
    shape: [usable.length],
    columns: usable.map(({ name }) => name),
    ...(!plain && {
      kinds: usable.map(({ kind }) => kind),
      layout: layoutOf(table.names, outcomes, usable, labels),
    }),
    ...(rows && { rows }),
    ...strangersIn(usable),
    without: (names: readonly string[]) => exclusion(names, table.names, exclude),
    notes: [
      ...table.remarks,
      ...kindRemarks(
        outcomes.filter(({ name }) => !unusable.has(name)),
        Object.values(options.kinds ?? {}).some(kind => typeof kind === 'object'),
      ),
      ...unusableRemark(faultyColumns),
      ...dropped(table.count, rows),
    ],
    ...(classes && { labels: classes.labels(rows) }),
  };
}

/** What becomes of each of the columns at these positions. */
function outcomesOf(
  table: TextTable,
  positions: readonly number[],
  named: boolean,
  { kinds = {}, constants = true, whole = false, plain = false, strangers = false }: TextColumnOptions,
): readonly ColumnOutcome[] {
  const { decimal } = table.dialect;
  // A column may have the other decimal mark than most of its table.
  const [otherPlain] = numberStyles(decimal === ',' ? '.' : ',');
  const styles = [...numberStyles(decimal), otherPlain!];
  const place = (row: number) => `${table.where}, ${table.place(row)}`;
  const context = { styles, constants, whole, strangers, place };
  const choices = new Map(
    Object.entries(kinds).flatMap(([entry, choice]) =>
      columnPositions([entry], table.names).map(at => [at, choice] as const),
    ),
  );
  return positions.map(at =>
    plain
      ? plainColumn(table.names[at]!, table.column(at), styles, named)
      : inferColumn(table.names[at]!, table.column(at), choices.get(at), context),
  );
}

/** Names that the kinds do not know, if there are some. */
function strangersIn(columns: readonly ModelledColumn[]): Pick<Table<Float64Array>, 'strangers'> {
  const strangers = columns.flatMap(column => column.strangers ?? []);
  return strangers.length > 0 ? { strangers } : {};
}

const allRows = (count: number) => Uint32Array.from({ length: count }, (_, row) => row);

const nothingLeft = (table: TextTable, outcomes: readonly ColumnOutcome[]) =>
  failure('no column can be modelled', {
    where: table.where,
    got: shortList(
      outcomes.map(one => `${one.name}: ${one.role === 'ignored' ? one.reason : 'constant'}`),
      8,
      '',
    ),
    expected: 'columns of numbers, dates, categories, or yes and no',
  });

const dropped = (count: number, rows?: Uint32Array): string[] =>
  rows && rows.length < count
    ? [
        `left out: ${(count - rows.length).toLocaleString('en')} of ${count.toLocaleString('en')} rows, with cells that have no value`,
      ]
    : [];

const unusableRemark = (bad: readonly BadColumn[]): string[] =>
  bad.length > 0
    ? [`left out, as they cannot be used: ${shortList(bad.map(({ column }) => column.name))}`]
    : [];

/** Infinite cells that are taken as missing, for each finite one. */
const MOST_INFINITE = 0.1;

/**
 * The columns that cannot be used. Constant columns are among them only if there are other faults, or if all
 * unusable columns are left out.
 */
function badColumns(
  columns: readonly ModelledColumn[],
  rows: number,
  { constants = true, dropUnusable = false, missing }: TextColumnOptions,
): BadColumn[] {
  if (missing === 'drop') return [];
  const isFaulty = ({ faults, numbers }: ModelledColumn) =>
    missing === 'refuse' || dropUnusable
      ? numbers < rows
      : faults.inexact > 0 || faults.infinite > MOST_INFINITE * numbers;
  if (!dropUnusable && !columns.some(isFaulty)) return [];
  return columns
    .map(column => ({ column, constant: isConstant(column) }))
    .filter(({ column, constant }) => isFaulty(column) || (constant && !constants));
}

const isConstant = ({ values, numbers }: ModelledColumn): boolean =>
  numbers === values.length && values.every(value => value === values[0]);

function packed(columns: readonly ModelledColumn[], rows: Uint32Array): Float64Array<ArrayBuffer> {
  const values = new Float64Array(rows.length * columns.length);
  for (const [d, column] of columns.entries())
    for (let i = 0; i < rows.length; i++) values[i * columns.length + d] = column.values[rows[i]!]!;
  return values;
}
