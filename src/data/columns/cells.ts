import { usage } from '../../errors.ts';
import { isMissing, isMissingName } from '../formats/text/numerals.ts';
import { makeGrid } from '../units/grid.ts';
import { dateFormat } from './dates/format.ts';
import { dateReader } from './dates/read.ts';
import type { ColumnKind, NumberText } from './kinds.ts';
import { codesOf, unknownCategory } from './names.ts';
import { numberText } from './number-text.ts';
import { numberStyles } from './styles.ts';
import { areOtherUnits, writtenUnit } from './unit-names.ts';
import { unitStyle } from './unit-style.ts';

/** A value of a column in JSON. */
export type CellJson = string | number | boolean | null;

/**
 * The text of a value as its file writes it: a number in the style of its column, rounded to its grid; the
 * name of a category; a date in its format. NaN is an empty text.
 */
export const cellText = (kind: ColumnKind, style: NumberText | undefined, value: number): string =>
  textWriter(kind, style)(value);

/** `cellText` for many values of one column. */
export function textWriter(kind: ColumnKind, style: NumberText = {}): (value: number) => string {
  if (kind.kind === 'number') return value => numberText(style, value);
  if (kind.kind === 'grid') {
    const nearest = nearestOn(kind);
    return value => numberText(style, nearest(value));
  }
  if (kind.kind === 'date') {
    const [format, nearest] = [dateFormat(kind.format), nearestOn(kind)];
    return value => (Number.isNaN(value) ? '' : format.write(nearest(value)));
  }
  return value => (Number.isNaN(value) ? '' : kind.names[codeOf(kind.names, value)]!);
}

/** The value of the grid nearest to x. */
function nearestOn({ step }: Extract<ColumnKind, { kind: 'grid' | 'date' }>): (x: number) => number {
  const grid = makeGrid(step);
  return x => (Number.isFinite(x) ? grid.below(x + grid.width / 2) : x);
}

/** The code of a name, for a value that a model may put between two codes or beyond the ends. */
const codeOf = (names: readonly string[], value: number): number =>
  Math.min(names.length - 1, Math.max(0, Math.round(value)));

/** A value in JSON: numbers as numbers, `true` and `false` as booleans, NaN as null. */
export function jsonWriter(kind: ColumnKind, style: NumberText = {}): (value: number) => CellJson {
  const bare: NumberText = { ...(style.decimals !== undefined && { decimals: style.decimals }) };
  const text = textWriter(kind, bare);
  const isNumber = kind.kind === 'number' || kind.kind === 'grid';
  return value => {
    if (Number.isNaN(value)) return null;
    return isNumber ? Number(text(value)) : typedText(text(value));
  };
}

const PLAIN = /^-?(0|[1-9]\d{0,14})(\.\d{1,10})?$/;

/** A text in JSON, where numbers and booleans have their own types. */
export function typedText(text: string): CellJson {
  if (text === 'true' || text === 'false') return text === 'true';
  return PLAIN.test(text) ? Number(text) : text;
}

/** How to read a cell. */
export interface CellOptions {
  /** How the numbers of the column are written. */
  readonly style?: NumberText | undefined;
  /** The unit of its numbers, such as `kg`. Default: that of `style`. */
  readonly unit?: string | undefined;
  /** The place that errors name. */
  readonly where?: string | undefined;
}

/**
 * The value of a cell, from its text or from a number (for a category, the number is a name). NaN for a
 * missing value.
 * @throws usage for a text that does not fit the kind: not a number, not a date, a value between the steps,
 * a number in another unit, or an unknown category, with the known ones
 */
export function cellValue(kind: ColumnKind, cell: string | number, options: CellOptions = {}): number {
  if (kind.kind === 'category' || kind.kind === 'yes-no') {
    const name = String(cell).trim();
    if (!kind.names.includes(name) && isMissingName(name)) return Number.NaN;
    const code = Number.isNaN(cell) ? Number.NaN : codesOf(kind)(name);
    if (code === undefined) throw unknownCategory(name, kind, options.where);
    return code;
  }
  if (typeof cell === 'string' && isMissing(cell.trim())) return Number.NaN;
  const value = typeof cell === 'number' ? cell : readText(kind, cell.trim(), options);
  if (value === undefined || value === Infinity || value === -Infinity)
    throw usage(kind.kind === 'date' ? 'not a date' : 'not a finite number', {
      ...placed(options),
      got: cell,
      ...(kind.kind === 'date' && { expected: kind.format }),
    });
  if ('missing' in kind && kind.missing?.includes(value)) return Number.NaN;
  return kind.kind === 'number' || Number.isNaN(value) ? value : onGrid(kind, value, cell, options);
}

function onGrid(
  kind: Extract<ColumnKind, { kind: 'grid' | 'date' }>,
  value: number,
  cell: string | number,
  options: CellOptions,
): number {
  if (kind.kind === 'date') return value;
  const grid = makeGrid(kind.step);
  const meant = grid.meant(value);
  if (meant !== undefined) return meant;
  throw usage('a value between the steps of its column', {
    ...placed(options),
    got: cell,
    expected: grid.words,
  });
}

const placed = ({ where }: CellOptions) => (where === undefined ? {} : { where });

/** A number in any style, with the decimal mark of the column first; undefined for one in another unit. */
function readText(kind: ColumnKind, text: string, { style = {}, unit }: CellOptions): number | undefined {
  if (kind.kind === 'date') return dateReader(kind.format)(text);
  const { decimal = '.' } = style;
  const known = unit ?? writtenUnit(style);
  const ofUnit = known === undefined ? undefined : unitStyle([text], decimal);
  for (const { read, unit: own } of [...numberStyles(decimal), ...(ofUnit ? [ofUnit] : [])]) {
    const value = areOtherUnits(own, known) ? undefined : read(text);
    if (value !== undefined) return value;
  }
  return undefined;
}
