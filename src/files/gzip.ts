import { shellWord } from '../errors/shell.ts';
import { failure } from '../errors.ts';
import { describeContent, sniffContent } from './content/sniff.ts';
import { gunzip } from './gunzip.ts';

/** Deflate cannot shrink by more than a factor of 1,032. */
const SHRINKS = 1_032;

/**
 * Inflates gzip to at most `most` bytes. Each piece goes into one array as it comes, so the memory is only
 * the result and one piece.
 * @throws failure naming `where` if the file is damaged or inflates to more
 */
export async function inflateGzip(bytes: Uint8Array, where: string, most: number): Promise<Uint8Array> {
  let out = new Uint8Array(Math.min(claimed(bytes), most, SHRINKS * bytes.length));
  let length = 0;
  for await (const piece of gzipPieces(bytes, where)) {
    const end = length + piece.length;
    if (end > most) throw failure('inflates to too much', { where, expected: `at most ${most} bytes` });
    if (end > out.length) out = enlarged(out, Math.min(most, Math.max(end, 2 * out.length)));
    out.set(piece, length);
    length = end;
  }
  return out.subarray(0, length);
}

/** The inflated bytes of gzip, in pieces of a quarter of a MiB. @throws failure naming `where` for damage */
export async function* gzipPieces(bytes: Uint8Array, where: string): AsyncGenerator<Uint8Array> {
  try {
    yield* gunzip(bytes);
  } catch (error) {
    throw notWhole(bytes, where, error instanceof Error ? error.message : String(error));
  }
}

/** The file is damaged, or another program unpacked it and kept its name. */
function notWhole(bytes: Uint8Array, where: string, fault: string) {
  const packed = sniffContent(bytes)?.name === 'gzip';
  const name = where.replace(/\.gz$/i, '');
  return failure('not a whole gzip file', {
    where,
    got: packed || bytes.length === 0 ? fault : describeContent(bytes),
    ...(!packed &&
      name !== where && {
        remedy: `It is not packed, so take the ending off: mv ${shellWord(where)} ${shellWord(name)}`,
      }),
  });
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
