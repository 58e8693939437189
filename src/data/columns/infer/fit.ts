import { usage } from '../../../errors.ts';
import { isMissingName } from '../../formats/text/numerals.ts';
import { gridJson } from '../../units/grid.ts';
import { countNames, wholeCategory } from '../category.ts';
import { formatOf } from '../dates/guess.ts';
import type { KindName } from '../kinds.ts';
import { readNumbers, withRounded } from '../numbers.ts';
import { modelled, watched } from './numeric.ts';
import type { ColumnContext, ModelledColumn } from './outcome.ts';
import { dateColumn, namedColumn, yesNo } from './texts.ts';

/** As many as labels have at most. */
const MOST_NAMES = 4096;

/** A column as the kind that was named for it. @throws usage if its cells do not have that kind */
export function fitKind(
  name: string,
  cells: readonly string[],
  choice: KindName,
  { styles }: ColumnContext,
): ModelledColumn {
  const refuse = (got: string, expected: string) =>
    usage(`the column cannot be of the kind "${choice}"`, { where: `column "${name}"`, got, expected });
  if (choice === 'number' || choice === 'grid') {
    const column = withRounded(readNumbers(name, cells, styles), cells);
    if (column.numbers === 0) throw refuse('no number in it', 'numbers');
    if (choice === 'number') return modelled(column, cells, { kind: 'number' });
    const grid = watched(column.values).grid();
    if (!grid) throw refuse('numbers of many decimals', 'whole numbers, or numbers a constant step apart');
    return modelled(column, cells, { kind: 'grid', step: gridJson(grid) });
  }
  const present = cells.filter(cell => !isMissingName(cell));
  if (choice === 'date') {
    const format = formatOf(present);
    if (!format) throw refuse(`${present[0] ?? 'no date'}`, 'dates such as 2026-01-31 or 1/31/2026');
    return dateColumn(name, cells, format.text);
  }
  const counts = countNames(present, MOST_NAMES);
  const variety = counts ? `${counts.size} different values` : `more than ${MOST_NAMES} different values`;
  if (choice === 'yes-no') {
    if (counts?.size !== 2) throw refuse(variety, 'two');
    return namedColumn(name, cells, yesNo([...counts.keys()]));
  }
  if (!counts || counts.size < 2) throw refuse(variety, `2 to ${MOST_NAMES}`);
  return namedColumn(name, cells, wholeCategory(counts));
}
