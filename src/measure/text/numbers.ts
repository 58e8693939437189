import type { NamedColumn } from './contract.ts';
import { columnOf } from './forms.ts';
import { type Piece, written } from './pieces.ts';

/** A number on one side of a comparison, as the column on the other side is written. */
export function numberIn(
  pieces: readonly Piece[],
  other: readonly Piece[],
  columns: readonly NamedColumn[],
): number | undefined {
  const column = columns[columnOf(other, columns) ?? -1];
  if (!column?.read) return numberOf(pieces);
  const quoted = pieces.length === 1 && pieces[0]!.kind === 'quoted' ? pieces[0]!.text : undefined;
  return readNumber(quoted ?? written(pieces).replace(/^'(.*)'$/, '$1'), column);
}

/** A number as its column is written, or a plain one. */
export const readNumber = (text: string | undefined, column: NamedColumn | undefined): number | undefined =>
  (text === undefined ? undefined : finite(column?.read?.(text.trim()))) ?? plainNumber(text);

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
