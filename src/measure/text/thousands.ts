import type { NamedColumn } from './contract.ts';
import { type Piece, written } from './pieces.ts';

const COMPARISON = /[=<>≤≥]|\bin\b/;
const isClause = (pieces: readonly Piece[]) => COMPARISON.test(written(pieces));
const raw = (pieces: readonly Piece[]) => pieces.map(piece => piece.written).join('');

/**
 * Clauses whose numbers have commas between thousands, as their column is written, in one piece:
 * `price=$2,000` is `price=$2000`. What stands behind such a comma is no clause of its own.
 */
export function joinThousands(groups: readonly Piece[][], columns: readonly NamedColumn[]): Piece[][] {
  const names = columns.filter(({ thousands }) => thousands === ',').map(({ name }) => name);
  const joined: Piece[][] = [];
  for (const next of groups) {
    const last = joined.at(-1);
    const isNumber = last && /\d$/.test(raw(last)) && /^\d{3}(?!\d)/.test(raw(next));
    const isOne = isNumber && !(isClause(last) && isClause(next));
    if (isOne && names.some(name => raw([...last, ...next]).includes(name))) last.push(...next);
    else joined.push([...next]);
  }
  return joined;
}
