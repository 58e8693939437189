import { utf8Text } from '../../../files/index.ts';

/**
 * The lines before the table: empty lines, comments, and the line `sep=;` with which Excel names the
 * delimiter.
 */
export interface Preamble {
  /** The byte where the table begins. */
  readonly end: number;
  readonly lines: number;
  /** The text of lines that begin with `#`, without the `#`. */
  readonly comments: readonly string[];
  readonly delimiter?: string;
}

const [LF, CR] = [10, 13];

/** Reads the lines before the table. */
export function readPreamble(bytes: Uint8Array): Preamble {
  const comments: string[] = [];
  let delimiter: string | undefined;
  let [end, lines] = [0, 0];
  while (end < bytes.length) {
    let stop = end;
    while (stop < bytes.length && bytes[stop] !== LF && bytes[stop] !== CR) stop++;
    // A table can be one line of many megabytes, so only its beginning is decoded.
    const text = utf8Text(bytes, end, bytes[end] === HASH ? stop : Math.min(stop, end + 16)).trim();
    const named = lines === comments.length ? /^"?sep=(.|\\t)"?$/i.exec(text)?.[1] : undefined;
    if (text.startsWith('#')) comments.push(text.replace(/^#+\s*/, ''));
    else if (named) delimiter = named;
    else if (text !== '' || stop > end + 16) break;
    end = stop + (bytes[stop] === CR && bytes[stop + 1] === LF ? 2 : 1);
    lines++;
  }
  return { end: Math.min(end, bytes.length), lines, comments, ...(delimiter && { delimiter }) };
}

const HASH = 35;

/** The text without the empty lines at its end. */
export function withoutEmptyEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === LF || bytes[end - 1] === CR)) end--;
  return bytes.subarray(0, end);
}
