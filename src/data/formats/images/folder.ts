import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, usage } from '../../../errors.ts';
import { readRegular } from '../../../files/index.ts';
import { labelCollector, type TableLabels } from '../../labels.ts';
import type { Numbers, Table } from '../../table.ts';
import { isStreamed, type StreamOptions } from '../stream.ts';
import { type JpegReader, jpegReader } from './jpeg.ts';
import { described, type Picture, type Pictures, planes } from './picture.ts';
import { readPng } from './png.ts';
import { resizeAndCrop } from './resize.ts';
import { spool } from './spool.ts';

/** What is made of the images of a folder. */
export interface ImageOptions {
  /** Every image is scaled so that its shorter side is this long, and cut to a square from the middle. */
  readonly size?: number;
  /** Most bytes of all pixels together; default 4 GiB. */
  readonly maxBytes?: number;
}

const PNG = /\.png$/i;
const JPEG = /\.jpe?g$/i;
/** One file of so many bytes is no image to train on. */
const MAX_FILE = 2 ** 28;

/**
 * The images of a folder and its subfolders, by path in code-unit order, as `[N, H, W]` where all are grey, else `[N, 3, H, W]`
 * with the grey ones as colours. Values are 0 … 255. PNG is always read, JPEG where the package `sharp` is installed.
 * @throws usage if there are no images, JPEG cannot be read, or sizes differ and no `size` is given; failure, naming
 *   the file, for damaged ones
 */
export async function readImageFolder(folder: string, options: ImageOptions = {}): Promise<Table> {
  return gather(await openPictures(folder, options), options);
}

/** The same, where many take too much memory as pixels in a temporary file, whose rows are read as they are wanted. */
export async function loadImageFolder(
  folder: string,
  options: ImageOptions & StreamOptions,
): Promise<Table<Numbers>> {
  const source = await openPictures(folder, options);
  const { width, height, channels } = await source.read(0);
  const bytes = source.count * width * height * channels;
  return isStreamed(bytes, options) ? spool(source) : gather(source, options);
}

/** The images of a folder by number, scaled and cut where a size is given, and known to be of one size. */
async function openPictures(folder: string, { size }: ImageOptions): Promise<Pictures> {
  if (size !== undefined && !(Number.isInteger(size) && size >= 1 && size <= 8192))
    throw usage('impossible size of images', { where: folder, got: size, expected: '1 to 8192' });
  const files = await imagesIn(folder);
  const jpeg = files.some(file => JPEG.test(file)) ? await jpegReader() : undefined;
  let first: Picture | undefined;
  const read = async (i: number) => {
    const path = join(folder, files[i]!);
    const whole = await readPicture(path, jpeg);
    const picture = size === undefined ? whole : resizeAndCrop(whole, size);
    checkSize(picture, first, path, join(folder, files[0]!));
    if (i === 0) first ??= { ...picture, data: new Uint8Array(0) };
    return picture;
  };
  return { where: folder, count: files.length, read };
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

/** Paths of the images of a folder and its subfolders, below it; names that begin with a dot are passed over. */
export async function imagesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw usage('a folder that cannot be read', { where: folder, got: cause.code });
  });
  const files = entries
    .filter(
      file => (PNG.test(file) || JPEG.test(file)) && !file.split(/[\\/]/).some(part => part.startsWith('.')),
    )
    .sort((a, b) => (a < b ? -1 : 1));
  if (files.length === 0) throw usage('no images in the folder', { where: folder, expected: '.png or .jpg' });
  return files;
}

/** The classes of the images of a folder: the names of the subfolders they lie in. */
export async function folderLabels(folder: string): Promise<TableLabels> {
  const labels = labelCollector('own', folder);
  for (const file of await imagesIn(folder)) {
    const [name, ...rest] = file.split(/[\\/]/);
    if (rest.length === 0)
      throw usage('an image that is in no class', {
        where: join(folder, file),
        expected: 'a subfolder for each class, with its images',
      });
    labels.add(name!, file);
  }
  return labels.close();
}

async function readPicture(path: string, jpeg: JpegReader | undefined): Promise<Picture> {
  const unreadable = (cause: NodeJS.ErrnoException) => {
    const stranger = ['EISDIR', 'ENOTFILE'].includes(cause.code ?? '');
    const what = stranger ? 'an image that is no file' : 'an image that cannot be read';
    throw failure(what, { where: path, got: cause.message });
  };
  const bytes = await readRegular(path, MAX_FILE).catch(unreadable);
  return JPEG.test(path) && jpeg ? jpeg(bytes, path) : readPng(bytes, path);
}

function checkSize(picture: Picture, first: Picture | undefined, path: string, firstPath: string): void {
  const { width, height } = first ?? picture;
  if (picture.width === width && picture.height === height) return;
  throw usage('images of different sizes', {
    where: path,
    got: `${picture.width} × ${picture.height}`,
    expected: `${width} × ${height}, as ${firstPath}`,
    remedy: 'Give a size to bring them all to.',
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
