import { failure } from '../../../errors.ts';
import type { ContentName } from '../../../files/index.ts';
import { MAX_PIXELS } from './picture.ts';
import type { Pixels } from './transparency.ts';

/** The part of sharp that is used. It is not a dependency: people with other pictures than PNG install it. */
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

/** The formats that sharp decodes in every installation. */
export const BY_SHARP: readonly ContentName[] = ['jpeg', 'webp', 'gif', 'tiff', 'avif'];

/** The name is a variable, so that the compiler does not look for the package, which may be missing. */
const loadSharp = (name: string = 'sharp'): Promise<unknown> => import(name);

/** Returns an image with or without an alpha channel, the first of `frames`. */
export type PixelReader = (bytes: Uint8Array, where: string) => Promise<Pixels & { readonly frames: number }>;

/**
 * A reader that uses the package `sharp`. It applies the camera's orientation, and returns grey as one
 * channel and all else as red, green and blue, eight bits each. Undefined if the package is not installed.
 * @param load loads the package; tests replace it
 */
export async function sharpReader(load = loadSharp): Promise<PixelReader | undefined> {
  const module = await load().catch(() => undefined);
  if (module === undefined) return undefined;
  const sharp = (module as { default: Sharp }).default;
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
