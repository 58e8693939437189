import { isMissingName } from '../../formats/text/numerals.ts';
import { dateReader } from '../dates/read.ts';
import type { ColumnKind, KnownKind } from '../kinds.ts';
import { codesOf, unknownCategory } from '../names.ts';
import { type Fault, readCells, readNumbers } from '../numbers.ts';
import { areOtherUnits } from '../unit-names.ts';
import { otherUnit } from '../units.ts';
import { modelled } from './numeric.ts';
import type { ColumnContext, ModelledColumn, Stranger } from './outcome.ts';
import { withoutValues } from './sentinels.ts';

/**
 * A column as a kind that is known already, such as a run's: its categories have the run's codes.
 * @throws failure for numbers in another unit; usage for a category that the kind does not have, unless
 *   strangers are told
 */
export function readAs(
  name: string,
  cells: readonly string[],
  { unit, ...kind }: KnownKind,
  context: ColumnContext,
): ModelledColumn {
  if (kind.kind === 'number' || kind.kind === 'grid')
    return numbersAs(name, cells, { ...kind, unit }, context);
  if (kind.kind === 'date') {
    const read = dateReader(kind.format);
    const column = readCells(name, cells, cell => read(cell) ?? (isMissingName(cell) ? 'missing' : 'text'));
    return { ...column, role: 'modelled', kind };
  }
  return namesAs(name, cells, kind, context);
}

function numbersAs(
  name: string,
  cells: readonly string[],
  { unit, ...kind }: Extract<KnownKind, { kind: 'number' | 'grid' }>,
  { styles, where }: ColumnContext,
): ModelledColumn {
  // The column is of numbers, so cells without its unit are the exception, however many they are.
  const column = readNumbers(name, cells, styles, 0);
  const own = column.numbers > 0 ? column.style.unit : undefined;
  if (own !== undefined && unit !== undefined && areOtherUnits(own, unit))
    throw otherUnit(name, `${where}, column "${name}"`, own, unit);
  return modelled(withoutValues(column, kind.missing ?? []), cells, kind);
}

function namesAs(
  name: string,
  cells: readonly string[],
  kind: Extract<ColumnKind, { kind: 'category' | 'yes-no' }>,
  { place, strangers }: ColumnContext,
): ModelledColumn {
  const codeOf = codesOf(kind);
  const found: Stranger[] = [];
  const read = (cell: string, row: number): number | Fault => {
    if (isMissingName(cell) && !kind.names.includes(cell)) return 'missing';
    const code = codeOf(cell);
    if (code !== undefined) return code;
    if (!strangers) throw unknownCategory(cell, kind, `${place(row)}, column "${name}"`);
    found.push({ row, name, cell });
    return 'text';
  };
  const column = readCells(name, cells, read);
  return { ...column, role: 'modelled', kind, ...(found.length > 0 && { strangers: found }) };
}
