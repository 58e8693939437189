import type { NamedColumn } from './contract.ts';
import { columnOf } from './forms.ts';
import { type Piece, written } from './pieces.ts';

/**
 * What a text means: one value, with equal ends, or all values from `low` up to but not including `high`,
 * as a month does.
 */
export interface Ends {
  readonly low: number;
  readonly high: number;
}

/** The values on one side of a comparison, as the column on the other side is written. */
export function endsIn(
  pieces: readonly Piece[],
  other: readonly Piece[],
  columns: readonly NamedColumn[],
): Ends | undefined {
  const column = columns[columnOf(other, columns) ?? -1];
  if (!column?.read) return endsAt(numberOf(pieces));
  const quoted = pieces.length === 1 && pieces[0]!.kind === 'quoted' ? pieces[0]!.text : undefined;
  return endsOfText(quoted ?? written(pieces).replace(/^'(.*)'$/, '$1'), column);
}

/** The values that a text means as its column is written, or a plain number. */
export function endsOfText(text: string | undefined, column: NamedColumn | undefined): Ends | undefined {
  if (text === undefined) return undefined;
  const span = column?.span?.(text.trim());
  return span
    ? { low: span[0], high: span[1] }
    : endsAt(finite(column?.read?.(text.trim())) ?? plainNumber(text));
}

const endsAt = (value: number | undefined): Ends | undefined =>
  value === undefined ? undefined : { low: value, high: value };

/** The least value of a range above a text, or from it on, and whether that value is excluded. */
export const lowerEnd = ({ low, high }: Ends, strict: boolean) =>
  strict ? ([high, low === high] as const) : ([low, false] as const);

/** The greatest value of a range below a text, or up to it, and whether that value is excluded. */
export const upperEnd = ({ low, high }: Ends, strict: boolean) =>
  strict ? ([low, true] as const) : ([high, low < high] as const);

const finite = (value: number | undefined) => (Number.isFinite(value) ? value : undefined);

/** A plain number outside quotes. */
export const numberOf = (pieces: readonly Piece[]): number | undefined =>
  pieces.some(({ kind }) => kind === 'quoted') ? undefined : plainNumber(written(pieces));

function plainNumber(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text.replace('−', '-'));
  return Number.isFinite(value) ? value : undefined;
}

/** Whether a plain number is no value of a column that reads its own: one between two steps. */
export const isBetween = ({ read, format }: NamedColumn, pieces: readonly Piece[]): boolean =>
  read !== undefined && format === undefined && finite(read(written(pieces))) === undefined;
