import { archives } from './archives.ts';
import type { Signature } from './marks.ts';
import { pictures } from './pictures.ts';
import { tables } from './tables.ts';
import { texts } from './texts.ts';

const signatures = { ...pictures, ...archives, ...tables, ...texts };

export type ContentName = keyof typeof signatures;

/** What the content of a file is, whatever its name says. */
export interface Content extends Omit<Signature, 'matches'> {
  readonly name: ContentName;
  /** Whether it is a picture. */
  readonly picture: boolean;
}

/** No signature needs more bytes than this from either end. */
const REACH = 2 ** 16;

const ROWS = Object.entries(signatures) as [ContentName, Signature][];

/**
 * Recognises a format by its first bytes, a text by its first words, and a zip archive by the names of its
 * members. `bytes` is a whole file, or at least its first 512 bytes. Undefined for tables of text, IDX and
 * everything else without a signature.
 */
export function sniffContent(bytes: Uint8Array): Content | undefined {
  const [head, tail] = [bytes.subarray(0, REACH), bytes.subarray(-REACH)];
  const match = ROWS.find(([, { matches }]) => matches(head, tail));
  if (!match) return undefined;
  const [name, { title, remedy }] = match;
  return { name, title, remedy, picture: Object.hasOwn(pictures, name) };
}

/** What bytes are, in words: the title of their format; or `text`; or the first bytes. */
export function describeContent(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'an empty file';
  const title = sniffContent(bytes)?.title;
  if (title) return title;
  const first = bytes.subarray(0, 8);
  if (first.every(byte => byte >= 32 || (byte >= 9 && byte <= 13))) return 'text';
  return `bytes ${Array.from(first, byte => byte.toString(16).padStart(2, '0')).join(' ')}`;
}
