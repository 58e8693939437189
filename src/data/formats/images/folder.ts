import { join } from 'node:path';
import { failure, usage } from '../../../errors.ts';
import { readRegular } from '../../../files/disk.ts';
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

/** How the images of a folder are prepared. */
export interface ImageOptions {
  /**
   * Every image is scaled so that its shorter side has this length, and cropped to a square from the middle.
   */
  readonly size?: number;
  /**
   * The colour behind transparent pixels: `white`, `black`, `grey` or `#rrggbb`. Without it transparent
   * images are an error.
   */
  readonly background?: string;
  /** The largest number of bytes of all pixels together; default 4 GiB. */
  readonly maxBytes?: number;
}

/** The largest size of one image file in bytes. */
const MAX_FILE = 2 ** 28;

/**
 * Reads the images of a folder and its subfolders, by path in code-unit order: as `[N, H, W]` if all are
 * grey, otherwise as `[N, 3, H, W]` with grey images as colours. Values are 0 … 255. The content of a file
 * decides its kind, not its ending. PNG is always read; JPEG, WebP, GIF, TIFF and AVIF if the package `sharp`
 * is installed. `notes` count what was left out.
 * @throws usage if there are no images, if most need sharp and it is not installed, or if sizes differ
 * without a `size`; failure, naming the file, for damaged or transparent images
 */
export async function readImageFolder(folder: string, options: ImageOptions = {}): Promise<Table> {
  const { source, notes } = await openPictures(folder, options);
  return withNotes(await gather(source, options), notes());
}

/** The same, but the pixels of many images go to a temporary file, from which rows are read on demand. */
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
  /** Notes for the user about the folder, complete when every image has been read. */
  notes(): readonly string[];
}

/** The images of a folder by number, scaled and cropped if a size is set, and checked to have one size. */
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
      throw failure('more images than fit into the memory limit', {
        where: source.where,
        got: `${source.count} images of ${picture.width} × ${picture.height}`,
        expected: `at most ${maxBytes} bytes`,
        remedy: 'Set a smaller size, or stream them.',
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
