import { failure, usage } from '../../../errors.ts';
import { MAX_PIXELS, type Picture } from './picture.ts';

/** The part of sharp that is used. It is no dependency: who has JPEG installs it. */
type Sharp = (
  bytes: Uint8Array,
  options: { limitInputPixels: number; failOn: string },
) => {
  rotate(): ReturnType<Sharp>;
  raw(): ReturnType<Sharp>;
  toBuffer(options: { resolveWithObject: true }): Promise<{
    data: Uint8Array;
    info: { width: number; height: number; channels: number };
  }>;
};

/** By a name that the compiler does not look up: the package need not be there. */
const loadSharp = (name: string = 'sharp'): Promise<unknown> => import(name);

export type JpegReader = (bytes: Uint8Array, where: string) => Promise<Picture>;

/**
 * A reader of JPEG by the package `sharp`, turned as the camera was held.
 * @param load for tests: how the package is loaded
 * @throws usage, with how to install it, where it is absent
 */
export async function jpegReader(load = loadSharp): Promise<JpegReader> {
  const loaded = await load().catch(() => {
    throw usage('JPEG needs the package sharp, which is not installed', {
      remedy: 'Install it with `npm install sharp`, or turn the images into PNG.',
    });
  });
  const sharp = (loaded as { default: Sharp }).default;
  return async (bytes, where) => {
    const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'truncated' }).rotate().raw();
    const { data, info } = await image.toBuffer({ resolveWithObject: true }).catch((cause: Error) => {
      throw failure('a damaged JPEG', { where, got: cause.message });
    });
    const { width, height, channels } = info;
    if (channels !== 1 && channels !== 3)
      throw failure('neither grey nor red, green and blue', { where, got: `${channels} channels` });
    return { width, height, channels, data: new Uint8Array(data) };
  };
}
