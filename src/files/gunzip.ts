import { createGunzip } from 'node:zlib';

/** Bytes of each piece. */
const PIECE = 2 ** 18;

/** What gzip inflates to, piece by piece. @throws Error for damage */
export async function* gunzip(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const stream = createGunzip({ chunkSize: PIECE });
  stream.end(bytes);
  yield* stream;
}
