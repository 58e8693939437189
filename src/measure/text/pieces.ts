/** A part of a question outside quotes and brackets, or a name in quotes. */
export interface Piece {
  /** The text of `quoted` names does not include their quotes. */
  readonly kind: 'plain' | 'quoted';
  /** What it says; a quoted name without its quotes. */
  readonly text: string;
  /** The same as it was written. */
  readonly written: string;
  /** How many brackets are open around it. */
  readonly depth: number;
}

const TOKENS = /"(?:[^"]|"")*"|`[^`]*`|[()]|[^"`()]+|["`]/gy;

/** The pieces of a text, in order. A quote that does not end is a plain piece. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let depth = 0;
  for (const [written] of text.matchAll(TOKENS)) {
    const quote = written.length > 1 && /^["`]/.test(written);
    if (written === ')') depth--;
    const inner = quote ? written.slice(1, -1).replaceAll('""', '"') : written;
    pieces.push({ kind: quote ? 'quoted' : 'plain', text: inner, written, depth });
    if (written === '(') depth++;
  }
  return pieces;
}

/** The parts of a list of pieces between the matches of `mark` outside quotes and brackets, and the marks. */
export function partsOf(
  pieces: readonly Piece[],
  mark: RegExp,
): { readonly parts: Piece[][]; readonly marks: string[] } {
  const parts: Piece[][] = [[]];
  const marks: string[] = [];
  for (const piece of pieces) {
    if (piece.kind === 'quoted' || piece.depth > 0 || !new RegExp(mark).test(piece.text)) {
      parts.at(-1)!.push(piece);
      continue;
    }
    let at = 0;
    const add = (text: string) => {
      if (text !== '') parts.at(-1)!.push({ ...piece, text, written: text });
    };
    for (const match of piece.text.matchAll(new RegExp(mark, 'g'))) {
      add(piece.text.slice(at, match.index));
      marks.push(match[0].trim());
      parts.push([]);
      at = match.index + match[0].length;
    }
    add(piece.text.slice(at));
  }
  return { parts, marks };
}

/** A text outside quotes. */
export const asPieces = (text: string): Piece[] => [{ kind: 'plain', text, written: text, depth: 0 }];

/** The original text of the pieces. */
export const written = (pieces: readonly Piece[]): string =>
  pieces
    .map(piece => piece.written)
    .join('')
    .trim();

const SIMPLE = /^[A-Za-z_][A-Za-z_0-9]*$/;

/** A name as it must be written in a question: in quotes unless it is a plain word. */
export const asName = (name: string): string =>
  SIMPLE.test(name) ? name : name.includes('"') ? `\`${name}\`` : `"${name}"`;
