import { usage } from '../../errors.ts';
import type { Bounds } from '../units/bounds.ts';
import type { ColumnKind } from './kinds.ts';

/** The bounds of columns by name: numbers, their texts, or dates as `YYYY-MM-DD`. */
export type ColumnBounds = Readonly<Record<string, ColumnBound>>;

/** The bounds of one column. */
export interface ColumnBound {
  /** The least value. Default: none. */
  readonly low?: number | string;
  /** The greatest value. Default: none. */
  readonly high?: number | string;
}

const DAY = 86_400_000;
const ISO = /^\d{4}-\d\d-\d\d$/;

/** The end of a column in words: a date as `YYYY-MM-DD`. */
export const endText = (kind: ColumnKind | undefined, end: number): string =>
  kind?.kind === 'date' ? new Date(Math.floor(end) * DAY).toISOString().slice(0, 10) : String(end);

/** Bounds as numbers. @throws usage for the bound of a column of names, and for a text that is none */
export function boundsOf(name: string, kind: ColumnKind | undefined, asked: ColumnBound): Bounds {
  const where = `bounds, column "${name}"`;
  if (kind?.kind === 'category' || kind?.kind === 'yes-no')
    throw usage('A column of names has no bounds', { where });
  const isDate = kind?.kind === 'date';
  const read = (end: number | string) => {
    const value = isDate && ISO.test(String(end)) ? Date.parse(String(end)) / DAY : Number(end);
    if (end !== '' && Number.isFinite(value)) return value;
    throw usage('The bound is no number', { where, got: end, expected: isDate ? 'YYYY-MM-DD' : 'a number' });
  };
  const low = asked.low === undefined ? undefined : read(asked.low);
  const high = asked.high === undefined ? undefined : read(asked.high);
  if (low !== undefined && high !== undefined && low >= high)
    throw usage('The bounds leave nothing between them', { where, got: `${asked.low} and ${asked.high}` });
  return { ...(low !== undefined && { low }), ...(high !== undefined && { high }) };
}

/** The bounds of a column in words: `"rain" >= 0`. */
export const boundTexts = (name: string, kind: ColumnKind | undefined, { low, high }: Bounds): string[] => [
  ...(low === undefined ? [] : [`"${name}" >= ${endText(kind, low)}`]),
  ...(high === undefined ? [] : [`"${name}" <= ${endText(kind, high)}`]),
];
