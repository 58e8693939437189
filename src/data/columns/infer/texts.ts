import { isMissingName } from '../../formats/text/numerals.ts';
import { countNames, fittedCategory, inOrder } from '../category.ts';
import { dateGrid } from '../dates/grid.ts';
import { formatOf } from '../dates/guess.ts';
import { areDates } from '../dates/plausible.ts';
import { dateReader } from '../dates/read.ts';
import type { ColumnKind } from '../kinds.ts';
import { codesOf, oneSpelling } from '../names.ts';
import { readCells } from '../numbers.ts';
import { type ColumnOutcome, ignored, type ModelledColumn } from './outcome.ts';

/** More different texts are no categories. */
const MOST_TEXTS = 65_536;

/** What a column of texts holds. `present` are its cells that are not missing. */
export function textKind(
  name: string,
  cells: readonly string[],
  present: readonly string[],
  numbers = 0,
): ColumnOutcome {
  const format = formatOf(present);
  if (format && areDates(format, present)) return dateColumn(name, cells, format.text);
  const few = numbers > 0 ? { numbers } : {};
  const texts = countNames(present, MOST_TEXTS);
  if (!texts) return ignored(name, 'texts that hardly repeat', few);
  const { counts, most } = oneSpelling(texts);
  const several = most.length > 1 ? { spellings: most } : {};
  const [count, different] = [present.length, counts.size];
  if (different === 1)
    return count === cells.length
      ? { role: 'constant', name, text: present[0]! }
      : ignored(name, 'one text among missing ones', { ...few, otherwise: undefined });
  const otherwise = { ...few, otherwise: 'category' as const };
  if (different === count) return ignored(name, 'all different', otherwise);
  if (different === 2) return { ...namedColumn(name, cells, yesNo([...counts.keys()])), ...several };
  if (different > count / 2) return ignored(name, 'texts that hardly repeat', otherwise);
  const kind = fittedCategory(counts);
  if (kind.other && kind.counts.at(-1)! > count / 2)
    return ignored(name, `${different.toLocaleString('en')} texts, most of them rare`, otherwise);
  return { ...namedColumn(name, cells, kind), ...several };
}

/** Two values in their order. */
export const yesNo = (names: readonly string[]): ColumnKind => {
  const [no, yes] = inOrder(names) as [string, string];
  return { kind: 'yes-no', names: [no, yes] };
};

/** A column of names, all of them known. */
export function namedColumn(
  name: string,
  cells: readonly string[],
  kind: Extract<ColumnKind, { kind: 'category' | 'yes-no' }> | ColumnKind,
): ModelledColumn {
  const isNamed = kind.kind === 'category' || kind.kind === 'yes-no';
  const codeOf = isNamed ? codesOf(kind) : () => undefined;
  const names: readonly string[] = isNamed ? kind.names : [];
  const read = (cell: string) =>
    isMissingName(cell) && !names.includes(cell) ? 'missing' : (codeOf(cell) ?? 'text');
  return { ...readCells(name, cells, read), role: 'modelled', kind };
}

/** A column of dates in this format. Other texts are no values. */
export function dateColumn(name: string, cells: readonly string[], format: string): ModelledColumn {
  const read = dateReader(format);
  const column = readCells(name, cells, cell => read(cell) ?? (isMissingName(cell) ? 'missing' : 'text'));
  return { ...column, role: 'modelled', kind: { kind: 'date', step: dateGrid(column.values), format } };
}
