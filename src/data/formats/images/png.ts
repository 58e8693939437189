import { inflateSync } from 'node:zlib';
import { failure } from '../../../errors.ts';
import { MAX_PIXELS, type Picture } from './picture.ts';
import { type Chunk, isPng, readChunks } from './png-chunks.ts';
import { colours } from './png-colours.ts';
import { readSamples } from './png-samples.ts';
import { type Background, flatten } from './transparency.ts';

/** What the header of a PNG says. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** 0 grey, 2 colours, 3 palette, 4 grey with alpha, 6 colours with alpha. */
  readonly kind: number;
  /** Samples of a pixel. */
  readonly channels: number;
  /** Whether the image is stored in the seven passes of Adam7. */
  readonly interlaced: boolean;
}

/**
 * Reads a PNG as 8-bit grey or colour. Sixteen bits are rounded to eight, a palette becomes colours, an opaque alpha channel is dropped.
 * No more memory is taken than the size in its header calls for.
 * @param background what lies behind transparent pixels
 * @throws failure naming `where` for damage (checksums are compared), transparency without a background, or more than 2²⁶ pixels
 */
export function readPng(bytes: Uint8Array, where: string, background?: Background): Picture {
  if (!isPng(bytes)) throw failure('not a PNG', { where });
  const chunks = readChunks(bytes, where);
  const header = readHeader(chunks, where);
  const samples = readSamples(header, inflated(chunks, header, where), where);
  return flatten(colours(header, samples, chunks, where), where, background);
}

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

function readHeader(chunks: readonly Chunk[], where: string): PngHeader {
  const [first, ...rest] = chunks;
  if (first?.type !== 'IHDR' || first.data.length !== 13 || rest.some(({ type }) => type === 'IHDR'))
    throw failure('a damaged PNG: it does not begin with one header', { where });
  const view = new DataView(first.data.buffer, first.data.byteOffset, 13);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, kind, compression, filter, interlace] = first.data.subarray(8) as unknown as number[];
  if (!(width > 0 && height > 0 && width * height <= MAX_PIXELS))
    throw failure('an impossible or too large image', {
      where,
      got: `${width} × ${height}`,
      expected: `at most ${MAX_PIXELS} pixels`,
    });
  const depths = kind === 0 ? [1, 2, 4, 8, 16] : kind === 3 ? [1, 2, 4, 8] : [8, 16];
  const channels = CHANNELS[kind!];
  if (!channels || !depths.includes(depth!) || compression !== 0 || filter !== 0 || interlace! > 1)
    throw failure('a damaged PNG: its header is of no kind of image', {
      where,
      got: [...first.data.subarray(8)].join(', '),
    });
  return { width, height, depth: depth!, kind: kind!, channels, interlaced: interlace === 1 };
}

/** Inflates with a limit, so that a bomb is never unpacked. The passes of an interlaced image begin a few more rows. */
function inflated(
  chunks: readonly Chunk[],
  { width, height, channels, depth }: PngHeader,
  where: string,
): Uint8Array {
  const claimed = height * (1 + Math.ceil((width * channels * depth) / 8));
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  try {
    return inflateSync(packed, { maxOutputLength: 2 * claimed + 64 });
  } catch (error) {
    throw failure('a damaged PNG: its pixels do not inflate to its size', {
      where,
      got: error instanceof Error ? error.message : String(error),
    });
  }
}
