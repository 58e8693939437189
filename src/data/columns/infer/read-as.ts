import { isMissingName } from '../../formats/text/numerals.ts';
import { dateReader } from '../dates/read.ts';
import type { ColumnKind } from '../kinds.ts';
import { codesOf, unknownCategory } from '../names.ts';
import { readCells, readNumbers } from '../numbers.ts';
import { modelled } from './numeric.ts';
import type { ColumnContext, ModelledColumn } from './outcome.ts';
import { withoutValues } from './sentinels.ts';

/**
 * A column as a kind that is known already, such as a run's: its categories have the run's codes.
 * @throws failure for a category that the kind does not have
 */
export function readAs(
  name: string,
  cells: readonly string[],
  kind: ColumnKind,
  { styles, place }: ColumnContext,
): ModelledColumn {
  if (kind.kind === 'number' || kind.kind === 'grid')
    // The column is of numbers, so cells without its unit are the exception, however many they are.
    return modelled(withoutValues(readNumbers(name, cells, styles, 0), kind.missing ?? []), cells, kind);
  if (kind.kind === 'date') {
    const read = dateReader(kind.format);
    const column = readCells(name, cells, cell => read(cell) ?? (isMissingName(cell) ? 'missing' : 'text'));
    return { ...column, role: 'modelled', kind };
  }
  const codeOf = codesOf(kind);
  const read = (cell: string, row: number) => {
    if (isMissingName(cell) && !kind.names.includes(cell)) return 'missing';
    const code = codeOf(cell);
    if (code === undefined) throw unknownCategory(cell, kind, `${place(row)}, column "${name}"`);
    return code;
  };
  return { ...readCells(name, cells, read), role: 'modelled', kind };
}
