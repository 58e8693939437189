import { type ErrorParts, failure, type LangevinError, shortList } from '../../errors.ts';
import type { TextTable } from '../formats/text/contract.ts';
import type { CellColumn, Fault } from './numbers.ts';

/** A column that cannot be used, and why. */
export interface BadColumn {
  readonly column: CellColumn;
  readonly constant: boolean;
}

const WORDS: Readonly<Record<Fault, string>> = {
  text: 'text among numbers',
  missing: 'a missing value',
  infinite: 'not a finite number',
  inexact: 'a whole number beyond 2^53, which would be rounded',
};
const SHORT: Readonly<Record<Fault, string>> = {
  text: 'text',
  missing: 'missing',
  infinite: 'not finite',
  inexact: 'beyond 2^53',
};
/** The order of faults in a message. */
const ORDER: readonly Fault[] = ['text', 'missing', 'infinite', 'inexact'];

const MOST_LINES = 8;

/** What to do about cells. Unlike infinities, cells without a value may stay where only a wish forbids it. */
const remedyFor = (columns: readonly CellColumn[], refused: boolean): string =>
  refused &&
  columns.every(({ faults }) => faults.infinite + faults.inexact === 0) &&
  columns.some(({ faults }) => faults.missing + faults.text > 0)
    ? 'Mend the rows, or keep such cells as missing with --missing keep, or leave out their rows with --missing drop'
    : columns.some(({ faults }) => faults.infinite > 0)
      ? 'Mend the rows, or leave them out with --missing drop'
      : 'Mend the rows';

/**
 * One error for all columns that cannot be used, with counts for each, and the option that leaves all of them
 * out. `refused` says that missing cells were refused on request.
 */
export function refuseColumns(
  bad: readonly BadColumn[],
  table: TextTable,
  refused: boolean,
  mend?: ErrorParts['mend'],
): LangevinError {
  const [only] = bad;
  if (bad.length === 1 && !only!.constant) return refuseOne(only!.column, table, refused, mend);
  const lines = bad
    .slice(0, bad.length > MOST_LINES ? MOST_LINES - 1 : MOST_LINES)
    .map(one => faultLine(one, table));
  const hidden = bad.length - lines.length;
  if (hidden > 0) lines.push(`and ${hidden.toLocaleString('en')} more columns`);
  const what = `${bad.length.toLocaleString('en')} ${bad.length > 1 ? 'columns' : 'column'} cannot be used`;
  return failure(`${what}:\n  ${lines.join('\n  ')}`, {
    where: table.where,
    remedy: remedyFor(
      bad.map(({ column }) => column),
      refused,
    ),
    ...(mend && { mend }),
  });
}

function refuseOne(
  column: CellColumn,
  table: TextTable,
  refused: boolean,
  mend: ErrorParts['mend'],
): LangevinError {
  const { name, faults, first } = column;
  const fault = ORDER.filter(kind => faults[kind] > 0).reduce((a, b) =>
    first[b]!.row < first[a]!.row ? b : a,
  );
  const { row, cell } = first[fault]!;
  const emptyLine = fault === 'missing' && cell === '' && table.names.length === 1;
  const isAlone = ORDER.every(kind => faults[kind] <= (kind === fault ? 1 : 0));
  const counts = !isAlone ? ` (${countsOf(faults, table.count)})` : '';
  return failure(`${WORDS[fault]}${emptyLine ? ': an empty line among the rows' : ''}${counts}`, {
    where: `${table.where}, ${table.place(row)}, column "${name}"`,
    got: cell,
    expected: 'a finite number',
    remedy: remedyFor([column], refused),
    ...(mend && { mend }),
  });
}

const countsOf = (faults: Readonly<Record<Fault, number>>, rows: number): string =>
  `${ORDER.filter(kind => faults[kind] > 0)
    .map(kind => `${faults[kind].toLocaleString('en')} ${SHORT[kind]}`)
    .join(', ')} of ${rows.toLocaleString('en')} cells`;

function faultLine({ column, constant }: BadColumn, table: TextTable): string {
  const name = shortList([column.name]);
  if (constant) return `${name}: constant`;
  const kinds = ORDER.filter(kind => column.first[kind]);
  const { row, cell } = column.first[kinds[0]!]!;
  const example = cell === '' ? '' : ` ${shortList([cell])}`;
  return `${name}: ${countsOf(column.faults, table.count)}, first${example} in ${table.place(row)}`;
}
