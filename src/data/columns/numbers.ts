import { isMissing } from '../formats/text/numerals.ts';
import type { NumberStyle } from './styles.ts';
import { unitStyle } from './unit-style.ts';

/** Why a cell is not a usable number. */
export type Fault = 'text' | 'missing' | 'infinite' | 'inexact';

/** A column of values: what its cells hold, and what stands against using it. */
export interface CellColumn {
  readonly name: string;
  /** One a row; NaN for a cell without a value. */
  readonly values: Float64Array;
  /** Cells with a value. */
  readonly numbers: number;
  readonly faults: Readonly<Record<Fault, number>>;
  /** The first cell of each fault. */
  readonly first: Readonly<Partial<Record<Fault, { readonly row: number; readonly cell: string }>>>;
  /** How many whole numbers beyond 2⁵³ were rounded, and the first of them. */
  readonly rounded?: { readonly count: number; readonly cell: string };
}

/** A column read as numbers: a value is a finite number, exactly. */
export interface NumberColumn extends CellColumn {
  readonly style: NumberStyle;
}

const INFINITE = /^[+\-−]?(inf(inity)?|∞)$/i;

/**
 * Reads the cells of a column in the style in which most of them are numbers; of equal styles, the first in
 * `styles`. `true` and `false` count as numbers only if all cells that are not missing are one of the two. If
 * no style reads all cells, a unit may, such as `kg`, if the share `leastAgreed` of the cells has it.
 */
export function readNumbers(
  name: string,
  cells: readonly string[],
  styles: readonly NumberStyle[],
  leastAgreed?: number,
): NumberColumn {
  let best = readIn(name, cells, styles[0]!);
  for (const style of best.faults.text > 0 ? styles.slice(1) : []) {
    const other = readIn(name, cells, style);
    const agreed = other.faults.text === 0 || style.name !== 'truth';
    if (agreed && other.faults.text < best.faults.text) best = other;
  }
  if (best.faults.text === 0) return best;
  const unit = unitStyle(cells, styles[0]!.decimal, leastAgreed);
  const measured = unit && readIn(name, cells, unit);
  return measured && measured.faults.text < best.faults.text ? measured : best;
}

const readIn = (name: string, cells: readonly string[], style: NumberStyle): NumberColumn => ({
  ...readCells(name, cells, cell => numberOf(cell, style.read(cell))),
  style,
});

/** Reads the cells of a column one by one, each by its own reader. */
export const readEach = (
  name: string,
  cells: readonly string[],
  read: (cell: string, row: number) => number | undefined,
): CellColumn => readCells(name, cells, (cell, row) => numberOf(cell, read(cell, row)));

/** Reads the cells of a column one by one, each to its value or to the fault that it has. */
export function readCells(
  name: string,
  cells: readonly string[],
  read: (cell: string, row: number) => number | Fault,
): CellColumn {
  const values = new Float64Array(cells.length).fill(Number.NaN);
  const faults = { text: 0, missing: 0, infinite: 0, inexact: 0 };
  const first: Partial<Record<Fault, { row: number; cell: string }>> = {};
  let numbers = 0;
  for (const [row, cell] of cells.entries()) {
    const value = read(cell, row);
    if (typeof value === 'number') {
      values[row] = value;
      numbers++;
    } else {
      faults[value]++;
      first[value] ??= { row, cell };
    }
  }
  return { name, values, numbers, faults, first };
}

function numberOf(cell: string, value: number | undefined): number | Fault {
  if (value === undefined) return INFINITE.test(cell) ? 'infinite' : isMissing(cell) ? 'missing' : 'text';
  if (!Number.isFinite(value)) return 'infinite';
  return isRounded(cell, value) ? 'inexact' : value;
}

const WHOLE = /^[+-]?\d+\.?0*$/;

/** Whether a whole number has more digits than float64 can hold: 9007199254740993 would become …992. */
const isRounded = (cell: string, value: number): boolean =>
  cell.length > 15 &&
  WHOLE.test(cell) &&
  Math.abs(value) > Number.MAX_SAFE_INTEGER &&
  digitsOf(String(value)) !== digitsOf(cell);

/** The column with its whole numbers beyond 2⁵³ as float64 rounds them, and what was rounded. */
export function withRounded(column: NumberColumn, cells: readonly string[]): NumberColumn {
  const { faults, first, style } = column;
  if (faults.inexact === 0) return column;
  const values = column.values.slice();
  for (const [row, cell] of cells.entries()) {
    const value = style.read(cell);
    if (Number.isNaN(values[row]) && value !== undefined && isRounded(cell, value)) values[row] = value;
  }
  return {
    ...column,
    values,
    numbers: column.numbers + faults.inexact,
    faults: { ...faults, inexact: 0 },
    rounded: { count: faults.inexact, cell: first.inexact!.cell },
  };
}

/**
 * The digits that separate a number from its neighbours: without sign, point, exponent, and zeros at the
 * ends.
 */
const digitsOf = (text: string) =>
  text
    .replace(/e.*$/i, '')
    .replace(/[+.-]/g, '')
    .replace(/^0+|0+$/g, '');
