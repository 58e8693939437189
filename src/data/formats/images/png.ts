import { inflateSync } from 'node:zlib';
import { failure } from '../../../errors.ts';
import type { Picture } from './picture.ts';
import { type Chunk, isPng, readChunks } from './png-chunks.ts';
import { colours } from './png-colours.ts';
import { type PngHeader, readHeader } from './png-header.ts';
import { readSamples } from './png-samples.ts';
import { type Background, flatten } from './transparency.ts';

/**
 * Reads a PNG as 8-bit grey or colour. Sixteen bits are rounded to eight, a palette becomes colours, and an
 * opaque alpha channel is dropped. It uses no more memory than the size in the header requires.
 * @param background the colour behind transparent pixels
 * @throws failure naming `where` for damage (checksums are checked), for transparency without a background,
 * and for more than 2²⁶ pixels
 */
export function readPng(bytes: Uint8Array, where: string, background?: Background): Picture {
  if (!isPng(bytes)) throw failure('not a PNG', { where });
  const chunks = readChunks(bytes, where);
  const header = readHeader(chunks, where);
  const samples = readSamples(header, inflated(chunks, header, where), where);
  return flatten(colours(header, samples, chunks, where), where, background);
}

/**
 * Decompresses with a limit, so that a file made to exhaust memory is never unpacked. An interlaced image has
 * a few more rows.
 */
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
