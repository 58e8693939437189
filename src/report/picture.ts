import { extname } from 'node:path';
import { usage } from '../errors.ts';
import { writeFileAtomic } from '../files/atomic.ts';
import { svgToPng } from './png.ts';

/**
 * Writes a picture to a file. An SVG document goes to `.svg` unchanged, or to `.png` as pixels (`scale`
 * pixels a unit, default 2). PNG bytes (of `imageGrid`, `strip`, `animation`) go to `.png` or `.apng`, and
 * those of `animatedGif` to `.gif`. The file appears as a whole or not at all.
 * @throws usage if the suffix does not fit the picture
 */
export async function writePicture(
  path: string,
  picture: string | Uint8Array,
  options: { scale?: number } = {},
): Promise<void> {
  const suffix = extname(path).toLowerCase();
  const isGif = typeof picture !== 'string' && picture[0] === 0x47;
  const suffixes = typeof picture === 'string' ? ['.svg', '.png'] : isGif ? ['.gif'] : ['.png', '.apng'];
  if (!suffixes.includes(suffix)) {
    throw usage('The suffix does not fit the picture', {
      where: 'writePicture',
      got: path,
      expected: suffixes.join(' or '),
    });
  }
  const rasterise = typeof picture === 'string' && suffix === '.png';
  await writeFileAtomic(path, rasterise ? await svgToPng(picture, options) : picture);
}
