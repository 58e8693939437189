import { crc32 } from 'node:zlib';
import { failure } from '../../../errors.ts';

export const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/**
 * The chunks of the image itself. Profiles, texts and animations are dropped before anything is decompressed.
 */
const NEEDED = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);

export const isPng = (bytes: Uint8Array): boolean => SIGNATURE.equals(bytes.subarray(0, 8));

export interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

/** The chunks of a PNG that make its image, with their checksums checked. @throws failure for damage */
export function readChunks(bytes: Uint8Array, where: string): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = 8; chunks.at(-1)?.type !== 'IEND'; ) {
    const length = at + 12 <= bytes.length ? view.getUint32(at) : Infinity;
    const end = at + 12 + length;
    if (end > bytes.length) throw failure('the PNG is cut short', { where, got: `${bytes.length} bytes` });
    if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4))
      throw failure('a damaged PNG: a checksum differs', { where, got: `chunk at byte ${at}` });
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1');
    if (NEEDED.has(type)) chunks.push({ type, data: bytes.subarray(at + 8, end - 4) });
    at = end;
  }
  return chunks;
}

/** The bytes of a chunk, with its length and checksum. */
export function writeChunk(type: string, data: Uint8Array): Uint8Array {
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, data.length + 8)), data.length + 8);
  return out;
}
