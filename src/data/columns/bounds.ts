import { usage } from '../../errors.ts';
import type { Bounds } from '../units/bounds.ts';
import { makeGrid } from '../units/grid.ts';
import type { CellOptions } from './cells.ts';
import { columnReader } from './column-reader.ts';
import { dateFormat } from './dates/format.ts';
import type { ColumnKind } from './kinds.ts';

/** The bounds of columns by name: numbers, or texts as questions write the values of the column. */
export type ColumnBounds = Readonly<Record<string, ColumnBound>>;

/** The bounds of one column. A text is read as in a question: `2010` is a year in a column of dates. */
export interface ColumnBound {
  /** The least value. Default: none. */
  readonly low?: number | string;
  /** The greatest value. A month or a year is included up to its last moment. Default: none. */
  readonly high?: number | string;
}

const DAY = 86_400_000;

/** The end of a column in words: a date as `YYYY-MM-DD`, with a time of day as the column writes it. */
export function endText(kind: ColumnKind | undefined, end: number): string {
  if (kind?.kind !== 'date' || !Number.isFinite(end)) return String(end);
  return Number.isInteger(end)
    ? new Date(end * DAY).toISOString().slice(0, 10)
    : dateFormat(kind.format).write(end);
}

/**
 * Bounds as numbers, from texts as the column is written.
 * @throws usage for the bound of a column of names, and for a text that is no value of the column
 */
export function boundsOf(
  name: string,
  kind: ColumnKind | undefined,
  asked: ColumnBound,
  writing: CellOptions = {},
): Bounds {
  const where = `bounds, column "${name}"`;
  if (kind?.kind === 'category' || kind?.kind === 'yes-no')
    throw usage('A column of names has no bounds', { where });
  const read = endReader(kind, writing);
  const endOf = (end: number | string | undefined, side: 0 | 1) => {
    if (end === undefined) return undefined;
    const value = typeof end === 'number' ? end : read(end.trim())?.[side];
    if (Number.isFinite(value)) return value;
    throw usage(`The bound is no ${kind?.kind === 'date' ? 'date' : 'number'} of the column`, {
      where,
      got: end,
      expected: expected(kind, writing),
    });
  };
  const [low, high] = [endOf(asked.low, 0), endOf(asked.high, 1)];
  if (low !== undefined && high !== undefined && low >= high)
    throw usage('The bounds leave nothing between them', { where, got: `${asked.low} and ${asked.high}` });
  return { ...(low !== undefined && { low }), ...(high !== undefined && { high }) };
}

function expected(kind: ColumnKind | undefined, { unit }: CellOptions): string {
  if (kind?.kind === 'date') return `a date such as ${kind.format}, a month or a year`;
  return unit === undefined ? 'a number' : `a number in ${unit}`;
}

/** The first and the last value that a text means. A bound may lie between the steps of a column. */
function endReader(kind: ColumnKind | undefined, writing: CellOptions) {
  const isDate = kind?.kind === 'date';
  const { read, span } = columnReader(isDate ? kind : { kind: 'number' }, writing);
  const grid = isDate ? makeGrid(kind.step) : undefined;
  return (text: string): readonly [number, number] | undefined => {
    const several = span?.(text);
    if (several && grid) return [several[0], grid.below(several[1] - grid.width / 2)];
    const value = read(text);
    return value === undefined ? undefined : [value, value];
  };
}

/** The bounds of a column in words: `"rain" >= 0`. */
export const boundTexts = (name: string, kind: ColumnKind | undefined, { low, high }: Bounds): string[] => [
  ...(low === undefined ? [] : [`"${name}" >= ${endText(kind, low)}`]),
  ...(high === undefined ? [] : [`"${name}" <= ${endText(kind, high)}`]),
];
