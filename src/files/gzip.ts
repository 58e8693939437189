import { createGunzip } from 'node:zlib';
import { failure } from '../errors.ts';

/** Deflate cannot shrink by more than a factor of 1,032. */
const SHRINKS = 1_032;
const PIECE = 2 ** 18;

/**
 * Inflates gzip to `most` bytes at most. The pieces are put into one array as they come, so that no more
 * memory is taken than the result and a piece.
 * @throws failure naming `where` for damage and for what inflates to more
 */
export async function inflateGzip(bytes: Uint8Array, where: string, most: number): Promise<Uint8Array> {
  let out = new Uint8Array(Math.min(claimed(bytes), most, SHRINKS * bytes.length));
  let length = 0;
  for await (const piece of pieces(bytes, where)) {
    const end = length + piece.length;
    if (end > most) throw failure('inflates to too much', { where, expected: `at most ${most} bytes` });
    if (end > out.length) out = enlarged(out, Math.min(most, Math.max(end, 2 * out.length)));
    out.set(piece, length);
    length = end;
  }
  return out.subarray(0, length);
}

async function* pieces(bytes: Uint8Array, where: string): AsyncGenerator<Uint8Array> {
  const stream = createGunzip({ chunkSize: PIECE });
  stream.end(bytes);
  try {
    yield* stream;
  } catch (error) {
    throw failure('not a whole gzip file', {
      where,
      got: error instanceof Error ? error.message : String(error),
    });
  }
}

/**
 * The length in the last four bytes. It covers only the last part of a multi-part file, so it is a first
 * guess.
 */
const claimed = (bytes: Uint8Array): number =>
  bytes.length < 4
    ? 0
    : new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4, 4).getUint32(0, true);

function enlarged(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(length);
  out.set(bytes);
  return out;
}
