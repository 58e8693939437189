import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, usage } from '../../errors.ts';
import type { Table } from '../table.ts';
import { type JpegReader, jpegReader } from './jpeg.ts';
import { coloured, type Picture } from './picture.ts';
import { readPng } from './png.ts';
import { resizeAndCrop } from './resize.ts';

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
  const { size, maxBytes = 4 * 2 ** 30 } = options;
  if (size !== undefined && !(Number.isInteger(size) && size >= 1 && size <= 8192))
    throw usage('impossible size of images', { where: folder, got: size, expected: '1 to 8192' });
  const files = await imagesIn(folder);
  const jpeg = files.some(file => JPEG.test(file)) ? await jpegReader() : undefined;
  const pictures: Picture[] = [];
  let total = 0;
  for (const file of files) {
    const path = join(folder, file);
    const read = await readPicture(path, jpeg);
    const picture = size === undefined ? read : resizeAndCrop(read, size);
    checkSize(picture, pictures[0], path, join(folder, files[0]!));
    total += 3 * picture.width * picture.height;
    if (total > maxBytes)
      throw failure('more images than memory is given', {
        where: folder,
        got: `${files.length} images of ${picture.width} × ${picture.height}`,
        expected: `at most ${maxBytes} bytes`,
        remedy: 'Give a smaller size.',
      });
    pictures.push(picture);
  }
  return asTable(pictures, folder);
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

async function readPicture(path: string, jpeg: JpegReader | undefined): Promise<Picture> {
  const { size } = await stat(path);
  if (size > MAX_FILE)
    throw failure('too large a file', { where: path, got: `${size} bytes`, expected: `at most ${MAX_FILE}` });
  const bytes = await readFile(path);
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
  const { width, height } = pictures[0]!;
  const area = width * height;
  const channels = colour ? 3 : 1;
  const values = new Uint8Array(pictures.length * channels * area);
  pictures.forEach((picture, n) => {
    const { data } = colour ? coloured(picture) : picture;
    for (let i = 0; i < area; i++)
      for (let c = 0; c < channels; c++) values[(n * channels + c) * area + i] = data[i * channels + c]!;
  });
  const notes = colour && grey > 0 ? [`${grey} grey images among ${pictures.length} were made colours`] : [];
  const shape = colour ? [3, height, width] : [height, width];
  return { where, values, count: pictures.length, shape, notes };
}
