import { join } from 'node:path';
import { failure, usage } from '../../../errors.ts';
import { readRegular } from '../../../files/index.ts';
import type { Numbers, Table } from '../../table.ts';
import { isStreamed, type StreamOptions } from '../stream.ts';
import { folderLabels, partsNote } from './classes.ts';
import { listPictures, type PictureFile } from './listing.ts';
import { described, type Picture, type Pictures, planes } from './picture.ts';
import { readPng } from './png.ts';
import { type Readable, readable } from './readable.ts';
import { resizeAndCrop } from './resize.ts';
import { spool } from './spool.ts';
import { type Background, backgroundOf, flatten } from './transparency.ts';

/** What is made of the images of a folder. */
export interface ImageOptions {
  /** Every image is scaled so that its shorter side is this long, and cut to a square from the middle. */
  readonly size?: number;
  /**
   * What lies behind transparent pixels: `white`, `black`, `grey` or `#rrggbb`; without it such images are
   * refused.
   */
  readonly background?: string;
  /** Most bytes of all pixels together; default 4 GiB. */
  readonly maxBytes?: number;
}

/** One file of so many bytes is no image to train on. */
const MAX_FILE = 2 ** 28;

/**
 * The images of a folder and its subfolders, by path in code-unit order, as `[N, H, W]` where all are grey,
 * else `[N, 3, H, W]` with the grey ones as colours. Values are 0 … 255. The content of a file says what it
 * is, not its ending. PNG is always read; JPEG, WebP, GIF, TIFF and AVIF where the package `sharp` is
 * installed; `notes` count what was left out.
 * @throws usage if there are no images, most need sharp where it is not there, or sizes differ and no `size`
 *   is given; failure, naming the file, for damaged or transparent ones
 */
export async function readImageFolder(folder: string, options: ImageOptions = {}): Promise<Table> {
  const { source, notes } = await openPictures(folder, options);
  return withNotes(await gather(source, options), notes());
}

/**
 * The same, where many take too much memory as pixels in a temporary file, whose rows are read as they are
 * wanted.
 */
export async function loadImageFolder(
  folder: string,
  options: ImageOptions & StreamOptions,
): Promise<Table<Numbers>> {
  const { source, files, notes } = await openPictures(folder, options);
  const labels = options.labels === 'own' ? { labels: folderLabels(folder, files) } : {};
  const { width, height, channels } = await source.read(0);
  const bytes = source.count * width * height * channels;
  const table = await (isStreamed(bytes, options) ? spool(source) : gather(source, options));
  return { ...withNotes(table, notes()), ...labels };
}

const withNotes = <T extends Table<Numbers>>(table: T, notes: readonly string[]): T => ({
  ...table,
  notes: [...notes, ...(table.notes ?? [])],
});

interface Opened {
  readonly source: Pictures;
  readonly files: readonly PictureFile[];
  /** What a person should know of the folder, once every image has been read. */
  notes(): readonly string[];
}

/** The images of a folder by number, scaled and cut where a size is given, and known to be of one size. */
async function openPictures(folder: string, { size, background }: ImageOptions): Promise<Opened> {
  if (size !== undefined && !(Number.isInteger(size) && size >= 1 && size <= 8192))
    throw usage('impossible size of images', { where: folder, got: size, expected: '1 to 8192' });
  const behind = background === undefined ? undefined : backgroundOf(background);
  const { files, sharp, notes } = await readable(await listPictures(folder), folder);
  const moving = new Set<number>();
  let first: Picture | undefined;
  const read = async (i: number) => {
    const path = join(folder, files[i]!.path);
    const { picture: whole, frames } = await readPicture(path, files[i]!, sharp, behind);
    if (frames > 1) moving.add(i);
    const picture = size === undefined ? whole : resizeAndCrop(whole, size);
    checkSize(picture, first, path, join(folder, files[0]!.path));
    if (i === 0) first ??= { ...picture, data: new Uint8Array(0) };
    return picture;
  };
  const describe = () => [
    ...notes,
    ...partsNote(folder, files),
    ...(moving.size > 0 ? [`of ${moving.size} files with several pictures the first is taken`] : []),
  ];
  return { source: { where: folder, count: files.length, read }, files, notes: describe };
}

async function gather(source: Pictures, { maxBytes = 4 * 2 ** 30 }: ImageOptions): Promise<Table> {
  const pictures: Picture[] = [];
  let total = 0;
  for (let i = 0; i < source.count; i++) {
    const picture = await source.read(i);
    total += 3 * picture.width * picture.height;
    if (total > maxBytes)
      throw failure('more images than memory is given', {
        where: source.where,
        got: `${source.count} images of ${picture.width} × ${picture.height}`,
        expected: `at most ${maxBytes} bytes`,
        remedy: 'Give a smaller size, or stream them.',
      });
    pictures.push(picture);
  }
  return asTable(pictures, source.where);
}

async function readPicture(
  path: string,
  { content }: PictureFile,
  sharp: Readable['sharp'],
  background: Background | undefined,
): Promise<{ picture: Picture; frames: number }> {
  const unreadable = (cause: Error) => {
    throw failure('an image that cannot be read', { where: path, got: cause.message });
  };
  const bytes = await readRegular(path, MAX_FILE).catch(unreadable);
  if (content.name === 'png') return { picture: readPng(bytes, path, background), frames: 1 };
  const pixels = await sharp!(bytes, path);
  return { picture: flatten(pixels, path, background), frames: pixels.frames };
}

function checkSize(picture: Picture, first: Picture | undefined, path: string, firstPath: string): void {
  const { width, height } = first ?? picture;
  if (picture.width === width && picture.height === height) return;
  throw usage('images of different sizes', {
    where: path,
    got: `${picture.width} × ${picture.height}`,
    expected: `${width} × ${height}, as ${firstPath}`,
    remedy: `Bring them all to one: --size ${Math.min(width, height, picture.width, picture.height)}`,
  });
}

function asTable(pictures: readonly Picture[], where: string): Table {
  const colour = pictures.some(({ channels }) => channels === 3);
  const grey = pictures.filter(({ channels }) => channels === 1).length;
  const first = pictures[0]!;
  const size = (colour ? 3 : 1) * first.width * first.height;
  const values = new Uint8Array(pictures.length * size);
  pictures.forEach((picture, n) => {
    values.set(planes(picture, colour), n * size);
  });
  return { where, values, count: pictures.length, ...described(first, colour, grey, pictures.length) };
}
