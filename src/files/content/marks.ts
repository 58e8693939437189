/** How to recognise one format. */
export interface Signature {
  /** In words, with an article: `a JPEG picture`. */
  readonly title: string;
  /** Advice for a person who wanted to use this file as data. */
  readonly remedy: string;
  /** Whether the bytes have this format. `head` and `tail` are up to 64 KiB from each end of the file. */
  matches(head: Buffer, tail: Buffer): boolean;
}

/** Part of the bytes, as characters with the same numbers. */
export const characters = (bytes: Buffer, from: number, to: number): string =>
  bytes.toString('latin1', from, to);

/** Checks the bytes at the start, written as characters with the same numbers. */
export const begins =
  (...marks: readonly string[]) =>
  (head: Buffer): boolean =>
    marks.some(mark => holdsAt(0, mark)(head));

export const holdsAt =
  (at: number, mark: string) =>
  (head: Buffer): boolean =>
    characters(head, at, at + mark.length) === mark;

/** Text that begins in this way, after a byte order mark and blanks. */
export const textLike =
  (pattern: RegExp) =>
  (head: Buffer): boolean =>
    pattern.test(
      characters(head, 0, 1024)
        .replace(/^\xef\xbb\xbf/, '')
        .trimStart(),
    );

export const isZip = begins('PK\x03\x04', 'PK\x05\x06');

/** A zip archive with one of these words near its start or end, where it lists its members. */
export const zipWith =
  (...words: readonly string[]) =>
  (head: Buffer, tail: Buffer): boolean =>
    isZip(head) && words.some(word => head.includes(word) || tail.includes(word));

/** ISO media files (HEIF, AVIF, MP4) contain their brand. */
export const isBrand =
  (pattern: RegExp) =>
  (head: Buffer): boolean =>
    holdsAt(4, 'ftyp')(head) && pattern.test(characters(head, 8, 12));
