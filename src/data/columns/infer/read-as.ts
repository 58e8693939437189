import { isMissingName } from '../../formats/text/numerals.ts';
import { dateReader } from '../dates/read.ts';
import type { ColumnKind, KnownKind } from '../kinds.ts';
import { codesOf, unknownCategory } from '../names.ts';
import { type Fault, readCells, readEach, readNumbers, withRounded } from '../numbers.ts';
import type { NumberStyle } from '../styles.ts';
import { areOtherUnits, isKnownUnit } from '../unit-names.ts';
import { unitStyle } from '../unit-style.ts';
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
  { styles, place }: ColumnContext,
): ModelledColumn {
  const column = withRounded(readNumbers(name, cells, styles, 0), cells);
  const isOwn = unit === undefined || !areOtherUnits(column.style.unit, unit);
  const all =
    unit === undefined || (isOwn && column.faults.text === 0)
      ? column
      : { ...column, ...readEach(name, cells, readerIn(unit, column.style, styles, refuse)) };
  return modelled(withoutValues(all, kind.missing ?? []), cells, kind);

  function refuse(own: string, row: number): never {
    throw otherUnit(name, `${place(row)}, column "${name}"`, own, unit!);
  }
}

/** Reads a cell with this unit or with none, in any style of the decimal mark of most cells. */
function readerIn(
  unit: string,
  { decimal, unit: usual }: NumberStyle,
  styles: readonly NumberStyle[],
  refuse: (own: string, row: number) => never,
): (cell: string, row: number) => number | undefined {
  const own = styles.filter(style => style.decimal === decimal && style.name !== 'truth');
  return (cell, row) => {
    const style = own.find(({ read }) => read(cell) !== undefined) ?? unitStyle([cell], decimal);
    if (!style || !areOtherUnits(style.unit, unit)) return style?.read(cell);
    // A single word behind a number, as in `70 about`, is no unit.
    return style.unit === usual || isKnownUnit(style.unit!) ? refuse(style.unit!, row) : undefined;
  };
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
