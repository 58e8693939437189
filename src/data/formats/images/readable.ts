import { usage } from '../../../errors.ts';
import { count, type Listing, type PictureFile } from './listing.ts';
import { BY_SHARP, type PixelReader, sharpReader } from './sharp.ts';

/** The pictures of a folder that can be read on this machine, and notes about everything else in it. */
export interface Readable {
  readonly files: readonly PictureFile[];
  /** The reader of all formats except PNG, if it is installed. */
  readonly sharp: PixelReader | undefined;
  readonly notes: readonly string[];
}

const INSTALL = 'Install it with `npm install sharp`, or turn them into PNG.';

/**
 * Leaves out files that cannot be read, with a count of each kind. PNG is always read. JPEG, WebP, GIF, TIFF
 * and AVIF are read by the package `sharp`, if it is installed. No other format is read.
 * @throws usage if there is no picture, or if more pictures need sharp than can be read without it
 */
export async function readable(
  { pictures, others }: Listing,
  folder: string,
  load?: () => Promise<unknown>,
): Promise<Readable> {
  const needsSharp = pictures.some(({ content }) => BY_SHARP.includes(content.name));
  const sharp = needsSharp ? await sharpReader(load) : undefined;
  const files = pictures.filter(
    ({ content }) => content.name === 'png' || (sharp && BY_SHARP.includes(content.name)),
  );
  const lacking = sharp ? [] : pictures.filter(({ content }) => BY_SHARP.includes(content.name));
  const unknown = pictures.filter(
    ({ content }) => content.name !== 'png' && !BY_SHARP.includes(content.name),
  );
  if (lacking.length > files.length)
    throw usage(`${titles(lacking)} need the package sharp, which is not installed`, {
      where: folder,
      remedy: INSTALL,
    });
  if (files.length === 0)
    throw usage('no images in the folder', {
      where: folder,
      ...((unknown.length > 0 || others.size > 0) && {
        got: [titles(unknown), ends(others)].filter(Boolean).join(', '),
      }),
      expected: '.png, or .jpg, .webp, .gif, .tif and .avif with the package sharp',
      ...(unknown.length > 0 && { remedy: 'Turn them into PNG.' }),
    });
  return {
    files,
    sharp,
    notes: [
      ...(lacking.length > 0
        ? [`left out: ${titles(lacking)}, which need the package sharp. ${INSTALL}`]
        : []),
      ...(unknown.length > 0
        ? [`left out, as they are not read: ${titles(unknown)}. Turn them into PNG.`]
        : []),
      ...(others.size > 0 ? [`left out, as they are not pictures: ${ends(others)}`] : []),
    ],
  };
}

/** `3 JPEG pictures, 1 GIF picture` */
function titles(files: readonly PictureFile[]): string {
  const counts = new Map<string, number>();
  for (const { content } of files) count(counts, content.title.replace(/^an? /, ''));
  return [...counts].map(([title, n]) => `${n} ${title}${n > 1 ? 's' : ''}`).join(', ');
}

/** `2 .txt, 1 .json` */
const ends = (counts: ReadonlyMap<string, number>): string => {
  const endings = [...counts].toSorted(([, a], [, b]) => b - a);
  const list = endings.slice(0, 8).map(([ending, n]) => `${n} ${ending}`);
  return endings.length > 8 ? `${list.join(', ')} and other endings` : list.join(', ');
};
