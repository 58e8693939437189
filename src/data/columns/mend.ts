import type { OptionValues } from '../../errors/shell.ts';
import type { ErrorParts } from '../../errors.ts';
import type { TextTable } from '../formats/text/contract.ts';
import { columnList } from './choice.ts';
import type { CellColumn } from './numbers.ts';
import { soundRows } from './rows.ts';

/** A list with more characters than this is too long to paste. */
const MOST_WORDS = 400;
/** Columns with a larger share of bad cells are left out instead of their rows. */
const FEW = 0.1;

/**
 * The options that leave these columns out in addition to those already excluded. If the list would be too
 * long, the option that finds them itself.
 */
export function exclusion(
  columns: readonly string[],
  header: readonly string[],
  before: readonly string[],
): OptionValues {
  const names = new Set(columns);
  const positions = [...header.keys()].filter(at => names.has(header[at]!));
  const exclude = [...before, ...columnList(positions, header)];
  return exclude.join().length <= MOST_WORDS ? { exclude } : { 'drop-unusable': true };
}

/** The columns of a choice, and those that cannot be used. */
export interface Choice {
  readonly exclude: readonly string[];
  /** Whether the columns were chosen by name. */
  readonly named: boolean;
  readonly numeric: readonly CellColumn[];
  readonly bad: readonly CellColumn[];
}

/**
 * The options that make a table usable. They leave out the bad columns. If these were chosen by name, or no
 * column would remain, they leave out the bad rows, and the columns that would make too many rows bad.
 */
export function mendTable(table: TextTable, { exclude, named, numeric, bad }: Choice): ErrorParts['mend'] {
  const spoils = ({ numbers }: CellColumn) => 1 - numbers / table.count;
  const least = numeric.reduce((share, column) => Math.min(share, spoils(column)), 1);
  const worst = numeric.filter(column => spoils(column) > Math.max(FEW, least));
  const soundCount = soundRows(
    numeric.filter(column => spoils(column) <= Math.max(FEW, least)),
    table.count,
  ).length;
  const names = (columns: readonly CellColumn[]) => columns.map(({ name }) => name);
  const many = soundCount >= Math.max(2, table.count / 2);
  if (many && named && worst.length === 0)
    return { says: 'Leave the rows out with', options: { 'drop-rows': true } };
  if (bad.length < numeric.length) {
    const says = `Leave ${bad.length > 1 ? 'them' : 'the column'} out with`;
    return { says, options: exclusion(names(bad), table.names, exclude) };
  }
  if (soundCount < 2) return undefined;
  const options = worst.length > 0 ? exclusion(names(worst), table.names, exclude) : {};
  const says = `Leave out ${worst.length > 0 ? 'the worst columns, and ' : ''}the rows that are bad (${soundCount.toLocaleString('en')} are left) with`;
  return 'drop-unusable' in options ? undefined : { says, options: { ...options, 'drop-rows': true } };
}
