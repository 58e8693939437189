import { failure } from '../../../errors.ts';
import type { ContentName } from '../../../files/index.ts';
import { MAX_PIXELS } from './picture.ts';
import type { Pixels } from './transparency.ts';

/** The part of sharp that is used. It is no dependency: who has other pictures than PNG installs it. */
type Sharp = (bytes: Uint8Array, options: { limitInputPixels: number; failOn: string }) => SharpImage;

interface SharpImage {
  metadata(): Promise<{ space?: string; channels?: number; pages?: number }>;
  rotate(): SharpImage;
  toColourspace(space: string): SharpImage;
  raw(): SharpImage;
  toBuffer(options: { resolveWithObject: true }): Promise<{
    data: Uint8Array;
    info: { width: number; height: number; channels: number };
  }>;
}

/** What sharp decodes wherever it is installed. */
export const BY_SHARP: readonly ContentName[] = ['jpeg', 'webp', 'gif', 'tiff', 'avif'];

/** By a name that the compiler does not look up: the package need not be there. */
const loadSharp = (name: string = 'sharp'): Promise<unknown> => import(name);

/** An image with an alpha channel or without, the first of `frames`. */
export type PixelReader = (bytes: Uint8Array, where: string) => Promise<Pixels & { readonly frames: number }>;

/**
 * A reader by the package `sharp`, turned as the camera was held: grey as one channel, all else as red, green
 * and blue, eight bits each. Undefined where the package is absent.
 * @param load for tests: how the package is loaded
 */
export async function sharpReader(load = loadSharp): Promise<PixelReader | undefined> {
  const loaded = await load().catch(() => undefined);
  if (loaded === undefined) return undefined;
  const sharp = (loaded as { default: Sharp }).default;
  return async (bytes, where) => {
    try {
      const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'truncated' });
      const { space, channels = 3, pages = 1 } = await image.metadata();
      const grey = space === 'b-w' || space === 'grey16' || channels < 3;
      const raw = image
        .rotate()
        .toColourspace(grey ? 'b-w' : 'srgb')
        .raw();
      const { data, info } = await raw.toBuffer({ resolveWithObject: true });
      const { width, height } = info;
      return { width, height, channels: info.channels, data: new Uint8Array(data), frames: pages };
    } catch (cause) {
      throw failure('a damaged picture', {
        where,
        got: cause instanceof Error ? cause.message : String(cause),
      });
    }
  };
}
