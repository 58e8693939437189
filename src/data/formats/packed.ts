import { failure } from '../../errors.ts';
import { type FileArray, gzipPieces, type NumberArray } from '../../files/index.ts';
import { bytesOf } from './bytes.ts';
import type { Layout } from './stored.ts';

/** The layout of numbers from the first bytes of a file and its length, checked against each other. */
export type HeaderReader = (
  head: Uint8Array,
  length: number,
  where: string,
) => Layout & { readonly shape: readonly number[]; readonly fortran?: boolean };

/** No header of one of the formats is longer. */
const HEAD = 2 ** 17;

/**
 * The array in a gzip file, decoded while it is inflated: the inflated bytes are never all in memory. The
 * length is counted first, in a pass of its own. Undefined for Fortran order, which needs all of them.
 * @param most bytes that the file may inflate to
 * @param check sees the first bytes
 */
export async function readPacked(
  path: string,
  header: HeaderReader,
  most: number,
  check: (head: Uint8Array) => void,
): Promise<FileArray | undefined> {
  const packed = await bytesOf(path);
  const { head, length } = await unpackedSize(packed, path, most);
  check(head);
  const layout = header(head, length, path);
  if (layout.fortran && layout.shape.length > 1) return undefined;
  return { data: await decoded(packed, path, layout), shape: layout.shape };
}

async function unpackedSize(packed: Uint8Array, where: string, most: number) {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const piece of gzipPieces(packed, where)) {
    if (length < HEAD) parts.push(piece);
    length += piece.length;
    if (length > most) throw failure('inflates to too much', { where, expected: `at most ${most} bytes` });
  }
  return { head: Buffer.concat(parts).subarray(0, HEAD), length };
}

async function decoded(packed: Uint8Array, where: string, layout: Layout): Promise<NumberArray> {
  const { start, size, count } = layout;
  const none = layout.decode(new Uint8Array());
  const out = new (none.constructor as new (length: number) => NumberArray)(count);
  // Bytes of a number that goes on in the next piece.
  let rest = new Uint8Array();
  let skipped = 0;
  let filled = 0;
  for await (const piece of gzipPieces(packed, where)) {
    const body = piece.subarray(Math.min(piece.length, start - skipped));
    skipped += piece.length - body.length;
    const bytes = rest.length === 0 ? body : Buffer.concat([rest, body]);
    const completeSize = bytes.length - (bytes.length % size);
    out.set(layout.decode(bytes.subarray(0, completeSize), filled), filled);
    filled += completeSize / size;
    rest = new Uint8Array(bytes.subarray(completeSize));
  }
  return out;
}
