import { failure } from '../../../errors.ts';
import { MAX_PIXELS } from './picture.ts';
import type { Chunk } from './png-chunks.ts';

/** The content of a PNG header. */
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

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * Reads the header and checks that it is the first and the only one, and that its depth, kind and size fit
 * together.
 */
export function readHeader(chunks: readonly Chunk[], where: string): PngHeader {
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
    throw failure('a damaged PNG: its header is not that of an image', {
      where,
      got: [...first.data.subarray(8)].join(', '),
    });
  return { width, height, depth: depth!, kind: kind!, channels, interlaced: interlace === 1 };
}
