import { Gunzip } from 'fflate';

/** Number of bytes that one step takes in. */
const PIECE = 2 ** 16;

/** The inflated bytes of gzip, piece by piece. @throws Error for damage */
export async function* gunzip(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const stream = new Gunzip(piece => ready.push(piece));
  for (let at = 0; at < bytes.length; at += PIECE) {
    stream.push(bytes.subarray(at, at + PIECE), at + PIECE >= bytes.length);
    yield* ready.splice(0);
  }
}
