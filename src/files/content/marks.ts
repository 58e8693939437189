import { latin1 } from '../bytes.ts';

/** How to recognise one format. */
export interface Signature {
  /** In words, with an article: `a JPEG picture`. */
  readonly title: string;
  /** Advice for a person who wanted to use this file as data. */
  readonly remedy: string;
  /** Whether the bytes have this format. `head` and `tail` are up to 64 KiB from each end of the file. */
  matches(head: Uint8Array, tail: Uint8Array): boolean;
}

/** Checks the bytes at the start, written as characters with the same numbers. */
export const begins =
  (...marks: readonly string[]) =>
  (head: Uint8Array): boolean =>
    marks.some(mark => holdsAt(0, mark)(head));

export const holdsAt =
  (at: number, mark: string) =>
  (head: Uint8Array): boolean =>
    latin1(head, at, at + mark.length) === mark;

/** Text that begins in this way, after a byte order mark and blanks. */
export const textLike =
  (pattern: RegExp) =>
  (head: Uint8Array): boolean =>
    pattern.test(
      latin1(head, 0, 1024)
        .replace(/^\xef\xbb\xbf/, '')
        .trimStart(),
    );

export const isZip = begins('PK\x03\x04', 'PK\x05\x06');

/** A zip archive with one of these words near its start or end, where it lists its members. */
export const zipWith =
  (...words: readonly string[]) =>
  (head: Uint8Array, tail: Uint8Array): boolean =>
    isZip(head) && words.some(word => latin1(head).includes(word) || latin1(tail).includes(word));

/** ISO media files (HEIF, AVIF, MP4) contain their brand. */
export const isBrand =
  (pattern: RegExp) =>
  (head: Uint8Array): boolean =>
    holdsAt(4, 'ftyp')(head) && pattern.test(latin1(head, 8, 12));
