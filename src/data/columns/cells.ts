import { usage } from '../../errors.ts';
import { isMissing, isMissingName } from '../formats/text/numerals.ts';
import { makeGrid } from '../units/grid.ts';
import { dateFormat } from './dates/format.ts';
import { dateReader } from './dates/read.ts';
import type { ColumnKind, NumberText } from './kinds.ts';
import { codesOf, unknownCategory } from './names.ts';
import { numberText } from './number-text.ts';
import { numberStyles } from './styles.ts';

/** A value of a column as JSON has it. */
export type CellJson = string | number | boolean | null;

/**
 * The text of a value, as its file writes it: a number in the style of its column, brought to its grid; the
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

/** The value of the grid that is nearest to x. */
function nearestOn({ step }: Extract<ColumnKind, { kind: 'grid' | 'date' }>): (x: number) => number {
  const grid = makeGrid(step);
  return x => (Number.isFinite(x) ? grid.below(x + grid.width / 2) : x);
}

/** The place of a name, for a value that a model may have left between two or beyond the ends. */
const codeOf = (names: readonly string[], value: number): number =>
  Math.min(names.length - 1, Math.max(0, Math.round(value)));

/** A value as JSON has it: numbers as numbers, `true` and `false` as themselves, NaN as null. */
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

/** A text as JSON has it, which tells numbers and truths from words. */
export function typedText(text: string): CellJson {
  if (text === 'true' || text === 'false') return text === 'true';
  return PLAIN.test(text) ? Number(text) : text;
}

/** How a cell is to be read. */
export interface CellOptions {
  /** How the numbers of the column are written. */
  readonly style?: NumberText | undefined;
  /** What errors name. */
  readonly where?: string | undefined;
}

/**
 * The value of a cell: of its text, or of a number that stands for itself (for a category, for its name). NaN
 * for a missing one.
 * @throws usage for a text that the kind does not have: no number, no date, a value between the steps, or an
 *   unknown category, with the known ones
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
  return kind.kind === 'number' || Number.isNaN(value) ? value : onGrid(kind, value, cell, options);
}

function onGrid(
  kind: Extract<ColumnKind, { kind: 'grid' | 'date' }>,
  value: number,
  cell: string | number,
  options: CellOptions,
): number {
  const grid = makeGrid(kind.step);
  if (kind.kind === 'date' || grid.has(value)) return value;
  throw usage('a value between the steps of its column', {
    ...placed(options),
    got: cell,
    expected: grid.words,
  });
}

const placed = ({ where }: CellOptions) => (where === undefined ? {} : { where });

/** The number in whatever style, the column's own decimal mark first. */
function readText(kind: ColumnKind, text: string, { style }: CellOptions): number | undefined {
  if (kind.kind === 'date') return dateReader(kind.format)(text);
  for (const { read } of numberStyles(style?.decimal ?? '.')) {
    const value = read(text);
    if (value !== undefined) return value;
  }
  return undefined;
}
