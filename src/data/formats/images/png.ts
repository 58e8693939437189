import { crc32, inflateSync } from 'node:zlib';
import { convertIndexedToRgb, decode } from 'fast-png';
import { failure } from '../../../errors.ts';
import { mapInto } from '../../../files/numbers.ts';
import { MAX_PIXELS, type Picture } from './picture.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** What an image is made of; profiles, texts and animations are left out before anything is inflated. */
const NEEDED = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);

export const isPng = (bytes: Uint8Array): boolean => SIGNATURE.equals(bytes.subarray(0, 8));

/**
 * Reads a PNG as 8-bit grey or colour. Sixteen bits are rounded to eight, a palette becomes colours, an opaque alpha channel is dropped.
 * No more memory is taken than the size in its header calls for.
 * @throws failure naming `where` for damage (checksums are compared), transparency, or more than 2²⁶ pixels
 */
export function readPng(bytes: Uint8Array, where: string): Picture {
  if (!isPng(bytes)) throw failure('not a PNG', { where });
  const chunks = readChunks(bytes, where);
  const claimed = checkHeader(chunks, where);
  checkContent(chunks, claimed, where);
  const kept = Buffer.concat([SIGNATURE, ...chunks.map(({ whole }) => whole)]);
  let image: ReturnType<typeof decode>;
  try {
    image = decode(kept);
    if (image.palette) image = ofPalette(image);
  } catch (error) {
    throw failure('a damaged PNG', { where, got: error instanceof Error ? error.message : String(error) });
  }
  if (image.transparency) throw transparent(where);
  return opaque(toBytes(image.data, image.depth, image.channels, image.width), image, where);
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  readonly whole: Uint8Array;
}

function readChunks(bytes: Uint8Array, where: string): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = 8; chunks.at(-1)?.type !== 'IEND'; ) {
    const length = at + 12 <= bytes.length ? view.getUint32(at) : Infinity;
    const end = at + 12 + length;
    if (end > bytes.length) throw failure('the PNG is cut short', { where, got: `${bytes.length} bytes` });
    if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4))
      throw failure('a damaged PNG: a checksum differs', { where, got: `chunk at byte ${at}` });
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1');
    if (NEEDED.has(type))
      chunks.push({ type, data: bytes.subarray(at + 8, end - 4), whole: bytes.subarray(at, end) });
    at = end;
  }
  return chunks;
}

/** The bytes that the pixels take once inflated, from the header. */
function checkHeader(chunks: readonly Chunk[], where: string): number {
  const [header, ...rest] = chunks;
  if (header?.type !== 'IHDR' || header.data.length !== 13 || rest.some(({ type }) => type === 'IHDR'))
    throw failure('a damaged PNG: it does not begin with one header', { where });
  const view = new DataView(header.data.buffer, header.data.byteOffset, 13);
  const [width, height, depth, kind] = [
    view.getUint32(0),
    view.getUint32(4),
    view.getUint8(8),
    view.getUint8(9),
  ];
  if (!(width > 0 && height > 0 && width * height <= MAX_PIXELS))
    throw failure('an impossible or too large image', {
      where,
      got: `${width} × ${height}`,
      expected: `at most ${MAX_PIXELS} pixels`,
    });
  const channels = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[kind] ?? 0;
  return height * (1 + Math.ceil((width * channels * depth) / 8));
}

/** Inflates once with a limit, so that the decoder, which has none, is never given a bomb. Interlacing needs a little more. */
function checkContent(chunks: readonly Chunk[], claimed: number, where: string): void {
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  try {
    inflateSync(packed, { maxOutputLength: 2 * claimed + 64 });
  } catch (error) {
    throw failure('a damaged PNG: its pixels do not inflate to its size', {
      where,
      got: error instanceof Error ? error.message : String(error),
    });
  }
}

function ofPalette(image: ReturnType<typeof decode>): ReturnType<typeof decode> {
  const data = convertIndexedToRgb(image);
  return { ...image, data, depth: 8, channels: data.length / (image.width * image.height) };
}

/** Depths of 1, 2 and 4 bits are packed, each row from a new byte; L levels become 0 … 255 evenly. */
function toBytes(data: ArrayLike<number>, depth: number, channels: number, width: number): Uint8Array {
  if (depth === 8) return Uint8Array.from(data);
  if (depth === 16) return mapInto(new Uint8Array(data.length), data, value => Math.round(value / 257));
  const perRow = Math.ceil((width * channels * depth) / 8);
  const out = new Uint8Array((data.length / perRow) * width * channels);
  const top = 2 ** depth - 1;
  for (let i = 0; i < out.length; i++) {
    const [row, place] = [Math.floor(i / (width * channels)), (i % (width * channels)) * depth];
    const byte = data[row * perRow + (place >> 3)]!;
    out[i] = (((byte >> (8 - depth - (place & 7))) & top) * 255) / top;
  }
  return out;
}

function opaque(
  data: Uint8Array,
  { width, height, channels }: { width: number; height: number; channels: number },
  where: string,
): Picture {
  if (data.length !== width * height * channels)
    throw failure('a damaged PNG: pixels are missing', { where });
  if (channels === 1 || channels === 3) return { width, height, channels, data };
  const colours = channels === 2 ? 1 : 3;
  const out = new Uint8Array(width * height * colours);
  for (let i = 0; i < width * height; i++) {
    if (data[i * channels + colours] !== 255) throw transparent(where);
    for (let c = 0; c < colours; c++) out[i * colours + c] = data[i * channels + c]!;
  }
  return { width, height, channels: colours, data: out };
}

const transparent = (where: string) =>
  failure('an image with transparent pixels', {
    where,
    remedy: 'What lies behind them would be a guess: flatten it on a background first.',
  });
