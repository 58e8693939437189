import { isMissingName } from '../../formats/text/numerals.ts';
import { dateFormat } from '../dates/format.ts';
import type { KindName, KnownKind } from '../kinds.ts';
import { areTruths } from '../names.ts';
import { type NumberColumn, readNumbers } from '../numbers.ts';
import { firstCode } from './codes.ts';
import { fitKind } from './fit.ts';
import { numberKind } from './numeric.ts';
import { type ColumnContext, type ColumnOutcome, ignored } from './outcome.ts';
import { readAs } from './read-as.ts';
import { dateColumn, textKind } from './texts.ts';

/**
 * What a column holds, found from its cells.
 *
 * - A column is of numbers if at least half of its cells that are not missing are. Numbers that only
 *   name something, such as those with leading zeros, are codes: texts.
 * - Numbers are an identifier, two values (yes or no), on a grid, or real.
 * - Texts are dates, two values, categories, or else an identifier or free text.
 *
 * One that is said what it holds is read as that.
 * @throws usage for a kind that the cells do not have; failure for a category that a whole kind does not know
 */
export function inferColumn(
  name: string,
  cells: readonly string[],
  choice: KindName | 'ignore' | KnownKind | undefined,
  context: ColumnContext,
): ColumnOutcome {
  if (choice === 'ignore') return ignored(name, 'as asked');
  if (typeof choice === 'object') return readAs(name, cells, choice, context);
  if (choice !== undefined) return fitKind(name, cells, choice, context);
  // Beside plus, minus is a name.
  const hasPlus = cells.includes('+');
  const present = cells.filter(cell => !isMissingName(cell) || (hasPlus && cell === '-'));
  if (present.length === 0) return ignored(name, 'empty');
  if (areTruths(present)) return textKind(name, cells, present);
  const styles = context.styles.filter(style => style.name !== 'truth');
  const column = readNumbers(name, cells, styles);
  const { faults, numbers } = column;
  const isNumeric = numbers + faults.infinite > 0 && numbers + faults.infinite >= faults.text;
  if (isNumeric && present.every(cell => cell.length === 8) && areCompactDates(column))
    return dateColumn(name, cells, 'YYYYMMDD');
  const code = isNumeric ? firstCode(column, present) : undefined;
  if (isNumeric && faults.inexact === 0 && code === undefined) return numberKind(column, cells, context);
  const outcome = textKind(name, cells, present, isNumeric ? 0 : numbers);
  return code === undefined || outcome.role === 'constant' ? outcome : { ...outcome, code };
}

/** Whether all numbers are dates such as 20120131, of 1800 to 2100. A few may be so by chance. */
function areCompactDates({ values, numbers, faults }: NumberColumn): boolean {
  if (numbers < FEW || faults.text > 0) return false;
  const { read } = dateFormat('YYYYMMDD');
  return values.every(
    value =>
      Number.isNaN(value) || (value > 18_000_000 && value < 21_010_000 && read(String(value)) !== undefined),
  );
}
const FEW = 10;
