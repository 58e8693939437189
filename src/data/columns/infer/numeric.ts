import { type GridWatch, gridJson, watchGrid, wholeNumbers } from '../../units/grid.ts';
import type { ColumnKind } from '../kinds.ts';
import { numberTextOf } from '../number-text.ts';
import type { NumberColumn } from '../numbers.ts';
import { type ColumnContext, type ColumnOutcome, ignored, type ModelledColumn } from './outcome.ts';
import { sentinelsOf, withoutValues } from './sentinels.ts';

/** With fewer rows, an identifier or a column of two values looks like measurements. */
const FEW = 10;
const IDENTIFIER = /(^|[\s_.-])(id|uuid|guid)$|^(index|idx|row|row[\s_.-]?num(ber)?|no\.?|nr\.?|#)$/i;
const CAMEL_ID = /[a-z]Id$/;

/** What a column of numbers holds. */
export function numberKind(
  read: NumberColumn,
  cells: readonly string[],
  { constants, whole }: ColumnContext,
): ColumnOutcome {
  const missing = sentinelsOf(read.values);
  const column = withoutValues(read, missing);
  const { name, values, numbers } = column;
  const watch = watched(values);
  const isComplete = numbers === values.length;
  if (watch.different <= 1 && !constants && column.faults.infinite === 0)
    return isComplete
      ? { role: 'constant', name, text: cells[0]! }
      : ignored(name, 'one value among missing ones');
  const found = missing.length > 0 ? { missing } : {};
  if (whole) return modelled(column, cells, { kind: 'grid', step: gridJson(wholeNumbers), ...found });
  if (isComplete && isIdentifier(name, values, watch))
    return ignored(name, 'an identifier', { otherwise: 'number' });
  return (
    (numbers >= FEW && watch.different === 2 && twoValues(column, cells)) ||
    modelled(column, cells, { ...kindOf(watch, numbers), ...found })
  );
}

/** What a pass over the values of a column shows. */
export function watched(values: Float64Array): GridWatch {
  const watch = watchGrid();
  for (const value of values) if (!Number.isNaN(value)) watch.see(value);
  return watch;
}

/**
 * Real numbers, or a grid: whole numbers, or steps that are not mostly empty. Else the step only shows how
 * many digits were written.
 */
export function kindOf(watch: GridWatch, count: number): ColumnKind {
  const grid = watch.sureGrid();
  if (!grid) return { kind: 'number' };
  const places = (watch.greatest - watch.least) / grid.width + 1;
  const isWhole = grid.decimals === 0;
  return isWhole || places <= count / 2 ? { kind: 'grid', step: gridJson(grid) } : { kind: 'number' };
}

/** A column of numbers with this kind. */
export const modelled = (
  { style, ...column }: NumberColumn,
  cells: readonly string[],
  kind: ColumnKind,
): ModelledColumn => ({
  ...column,
  role: 'modelled',
  kind,
  text: numberTextOf(cells, style),
  example: style.example,
});

/** Two numbers as two names, the smaller first; undefined if one of them occurs once. */
function twoValues(
  { style: _, ...column }: NumberColumn,
  cells: readonly string[],
): ModelledColumn | undefined {
  const { values } = column;
  const low = values.reduce((least, value) => (value < least ? value : least), Infinity);
  const names: [string, string] = ['', ''];
  const counts: [number, number] = [0, 0];
  const codes = values.map((value, row) => {
    if (Number.isNaN(value)) return value;
    const code = value === low ? 0 : 1;
    names[code] ||= cells[row]!;
    counts[code]++;
    return code;
  });
  if (Math.min(...counts) < 2) return undefined;
  return { ...column, values: codes, role: 'modelled', kind: { kind: 'yes-no', names } };
}

/**
 * Whole numbers that count the rows from 1; or ones that are all different, in a column that is called an
 * identifier.
 */
function isIdentifier(name: string, values: Float64Array, watch: GridWatch): boolean {
  if (values.length < FEW || watch.grid() !== wholeNumbers || watch.different < FEW) return false;
  if (values.every((value, row) => value === row + 1)) return true;
  return (IDENTIFIER.test(name) || CAMEL_ID.test(name)) && new Set(values).size === values.length;
}
