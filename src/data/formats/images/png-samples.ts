import { deflateSync } from 'node:zlib';
import { decode } from 'fast-png';
import { failure } from '../../../errors.ts';
import { SIGNATURE, writeChunk } from './png-chunks.ts';
import type { PngHeader } from './png-header.ts';

/**
 * The samples of an image, row by row, with the channels of a pixel next to each other: numbers of `depth`
 * bits.
 */
export type Samples = Uint8Array | Uint16Array;

/** The pixels of each pass of Adam7: the first column and row, and the steps between columns and rows. */
const PASSES = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
] as const;

/**
 * The samples of a PNG from its decompressed rows, which are still filtered. An interlaced image consists of
 * seven plain images, one for each pass, and is read as such. The reason: fast-png assumes whole bytes for
 * each pixel in the rows of a pass, which is wrong for 1, 2 and 4 bits.
 */
export function readSamples(header: PngHeader, rows: Uint8Array, where: string): Samples {
  const { width, height, channels, depth, interlaced } = header;
  if (!interlaced) return sequential(header, rows, where);
  const out = new (depth === 16 ? Uint16Array : Uint8Array)(width * height * channels);
  let at = 0;
  for (const { x, y, dx, dy } of PASSES) {
    const [across, down] = [Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)];
    if (across <= 0 || down <= 0) continue;
    const size = down * (1 + rowBytes(across, header));
    const pass = sequential({ ...header, width: across, height: down }, rows.subarray(at, at + size), where);
    at += size;
    for (let i = 0; i < pass.length; i++) {
      const pixel = Math.floor(i / channels);
      const [column, row] = [x + (pixel % across) * dx, y + Math.floor(pixel / across) * dy];
      out[(row * width + column) * channels + (i % channels)] = pass[i]!;
    }
  }
  return out;
}

const rowBytes = (width: number, { channels, depth }: PngHeader): number =>
  Math.ceil((width * channels * depth) / 8);

/** An image without interlacing, decoded by fast-png. */
function sequential(header: PngHeader, rows: Uint8Array, where: string): Samples {
  const { width, height, channels } = header;
  if (rows.length < height * (1 + rowBytes(width, header)))
    throw failure('a damaged PNG: pixels are missing', { where });
  try {
    return unpacked(decode(asPng(header, rows)).data as Samples, header);
  } catch (error) {
    throw failure('a damaged PNG', {
      where,
      got: `${error instanceof Error ? error.message : String(error)}, of ${width} × ${height} × ${channels}`,
    });
  }
}

function asPng({ width, height, depth, kind }: PngHeader, rows: Uint8Array): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, kind], 8);
  return Buffer.concat([
    SIGNATURE,
    writeChunk('IHDR', header),
    writeChunk('IDAT', deflateSync(rows, { level: 0 })),
    writeChunk('IEND', new Uint8Array(0)),
  ]);
}

/** Unpacks samples of 1, 2 and 4 bits, several of which share a byte. Each row starts with a new byte. */
function unpacked(data: Samples, header: PngHeader): Samples {
  const { width, height, channels, depth } = header;
  if (depth >= 8) return data;
  const perRow = rowBytes(width, header);
  const out = new Uint8Array(width * height * channels);
  const top = 2 ** depth - 1;
  for (let i = 0; i < out.length; i++) {
    const place = (i % width) * depth;
    const byte = data[Math.floor(i / width) * perRow + (place >> 3)]!;
    out[i] = (byte >> (8 - depth - (place & 7))) & top;
  }
  return out;
}
