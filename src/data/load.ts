import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { failure, unknownName, usage } from '../errors.ts';
import { type FileArray, readNpy, readNpz } from '../files/index.ts';
import { type Cifar, readCifar } from './cifar.ts';
import type { ColumnChoice } from './columns.ts';
import { readCsv } from './csv.ts';
import { readIdx } from './idx.ts';
import { folderLabels, loadImageFolder } from './images/folder.ts';
import { labelsFrom, labelsOfFile } from './labels.ts';
import { isStreamed, type StreamOptions, streamCifar, streamFile } from './stream.ts';
import { type Loaded, type Table, width } from './table.ts';

export interface LoadOptions extends ColumnChoice, StreamOptions {
  /** Which array of an `.npz` with several. */
  readonly array?: string;
  /** Most bytes that a compressed file may inflate to (default 1 GiB), or that the images of a folder may take (4 GiB). */
  readonly maxBytes?: number;
  /** Side to which the images of a folder are scaled and cut; without it they must be of one size. */
  readonly size?: number;
  /** The form of a row, where the file has it as a list of numbers: `[8, 8]` for 64 columns that are pixels. */
  readonly shape?: readonly number[];
  /**
   * Where the classes of the rows are: a column of a CSV file, an IDX or `.npy` file of whole numbers (as named, or beside the
   * data), or `own`: for CIFAR-10, and for a folder of images whose subfolders are the classes.
   */
  readonly labels?: string;
}

type Reader = (bytes: Uint8Array, where: string, options: LoadOptions) => Loaded;

const ofArray = ({ data, shape }: FileArray, where: string): Table => {
  const [count, ...rest] = shape;
  if (count === undefined) throw failure('a single number, not rows', { where });
  return { where, values: data, count, shape: rest.length > 0 ? rest : [1] };
};

const plain = (table: Table): Loaded => ({ table, levels: false });

/** The endings of files that are read, and their readers. Each may be followed by `.gz`. */
const READERS: readonly { readonly ending: RegExp; readonly shown: string; readonly read: Reader }[] = [
  {
    ending: /\.csv$/i,
    shown: '.csv',
    read: (bytes, where, options) => plain(readCsv(bytes, where, options)),
  },
  {
    ending: /\.tsv$/i,
    shown: '.tsv',
    read: (bytes, where, options) => plain(readCsv(bytes, where, { ...options, delimiter: '\t' })),
  },
  {
    ending: /\.npy$/i,
    shown: '.npy',
    read: (bytes, where, options) => plain(ofArray(readNpy(bytes, noColumns(where, options)), where)),
  },
  {
    ending: /\.npz$/i,
    shown: '.npz',
    read: (bytes, where, options) => plain(oneOf(bytes, noColumns(where, options), options)),
  },
  { ending: /(-idx\d-ubyte|\.idx\d?)$/i, shown: '-idx3-ubyte, .idx', read: readPictures },
  { ending: /\.bin$/i, shown: '.bin (CIFAR-10)', read: readRecords },
];

/** What may follow a name, for errors and help. */
export const fileEndings: readonly string[] = READERS.map(({ shown }) => shown);

const inner = (path: string) => path.replace(/\.gz$/i, '');

/** Whether a text names a file: it has one of the endings that are read, or lies in a folder. */
export const isFileName = (spec: string): boolean =>
  /[\\/]/.test(spec) || READERS.some(({ ending }) => ending.test(inner(spec)));

/**
 * Reads a file of data by its ending, or a folder of images.
 * @throws usage if it is not there or has an ending that is not read; failure, naming the place, if it is damaged
 */
export async function loadTable(path: string, options: LoadOptions = {}): Promise<Loaded> {
  return formed(await labelled(await loadRows(path, options), path, options), options.shape);
}

async function loadRows(path: string, options: LoadOptions): Promise<Loaded> {
  const reader = READERS.find(({ ending }) => ending.test(inner(path)));
  const entry = await stat(path).catch(() => undefined);
  if (!entry) throw usage('no such file', { where: path });
  if (entry.isDirectory()) return loadFolder(path, options);
  if (options.size !== undefined)
    throw usage('a size can be chosen only for a folder of images', { where: path });
  if (!reader)
    throw usage('an ending that is not read', {
      where: path,
      got: basename(path),
      expected: fileEndings.join(', '),
    });
  const whole = inner(path) === path && isStreamed(entry.size, options);
  const streamed = whole || options.stream ? streamFile(path, options) : undefined;
  if (streamed) {
    noColumns(path, options);
    return streamed;
  }
  const bytes = await bytesOf(path);
  const content = inner(path) === path ? bytes : await inflate(bytes, path, options.maxBytes ?? 2 ** 30);
  return reader.read(content, path, options);
}

const bytesOf = (path: string): Promise<Uint8Array> =>
  readFile(path).catch((error: Error) => {
    throw failure('cannot be read', { where: path, got: error.message });
  });

const CIFAR_BATCH = /^data_batch_\d+\.bin$/;

/** Whether this is a folder, and of images that are to be scaled: CIFAR-10's binary version has its own size. */
export async function isImageFolder(path: string): Promise<boolean> {
  const entry = await stat(path).catch(() => undefined);
  return entry?.isDirectory() ? (await cifarBatches(path)).length === 0 : false;
}

const cifarBatches = async (path: string) =>
  (await readdir(path)).filter(name => CIFAR_BATCH.test(name)).sort();

/** A folder of CIFAR-10's binary version gives its training images, any other the images in it. */
async function loadFolder(path: string, options: LoadOptions): Promise<Loaded> {
  const where = noColumns(path, options);
  const batches = (await cifarBatches(path)).map(name => join(path, name));
  if (batches.length === 0) {
    const table = await loadImageFolder(where, options);
    const own = options.labels === 'own' && { labels: await folderLabels(where) };
    return { table: { ...table, ...own }, levels: true };
  }
  if (options.size !== undefined) throw usage('CIFAR-10 images are 32 × 32', { where });
  const sizes = await Promise.all(batches.map(async batch => (await stat(batch)).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (isStreamed(bytes, options)) return streamCifar(batches, where, options);
  const files = batches.map(async batch => ({ bytes: await bytesOf(batch), where: batch }));
  return ofCifar(readCifar(await Promise.all(files)), where, options);
}

async function inflate(bytes: Uint8Array, where: string, maxOutputLength: number): Promise<Uint8Array> {
  return promisify(gunzip)(bytes, { maxOutputLength }).catch((error: Error & { code?: string }) => {
    if (error.code === 'ERR_BUFFER_TOO_LARGE')
      throw failure('inflates to too much', { where, expected: `at most ${maxOutputLength} bytes` });
    throw failure('not a whole gzip file', { where, got: error.message });
  });
}

function noColumns(where: string, { columns, exclude }: LoadOptions): string {
  if (columns || exclude?.length)
    throw usage('columns can be chosen only of a table with a header', { where });
  return where;
}

function oneOf(bytes: Uint8Array, where: string, { array, maxBytes }: LoadOptions): Table {
  const arrays = readNpz(bytes, where, maxBytes === undefined ? {} : { maxBytes });
  const names = [...arrays.keys()];
  const name = array ?? (names.length === 1 ? names[0]! : undefined);
  if (name === undefined)
    throw usage('several arrays', { where, got: names.join(', '), remedy: 'Name the one to use.' });
  const found = arrays.get(name);
  if (!found) throw unknownName(`array in ${where}`, name, names);
  return ofArray(found, where);
}

function readPictures(bytes: Uint8Array, where: string, options: LoadOptions): Loaded {
  const array = readIdx(bytes, noColumns(where, options));
  return { table: ofArray(array, where), levels: array.data instanceof Uint8Array && array.shape.length > 1 };
}

function readRecords(bytes: Uint8Array, where: string, options: LoadOptions): Loaded {
  return ofCifar(readCifar([{ bytes, where: noColumns(where, options) }]), where, options);
}

function ofCifar(cifar: Cifar, where: string, { labels }: LoadOptions): Loaded {
  const { count, ...table } = ofArray(cifar, where);
  const own = labels === 'own' && { labels: labelsFrom('own', where, cifar.labels, count) };
  return { table: { ...table, count, ...own }, levels: true };
}

/** The table with rows of this shape; the numbers stay as they are. */
function formed(loaded: Loaded, shape?: readonly number[]): Loaded {
  const { table } = loaded;
  if (shape === undefined || shape.join() === table.shape.join()) return loaded;
  const wanted = shape.reduce((product, side) => product * side, 1);
  if (wanted === width(table) && shape.every(side => Number.isInteger(side) && side > 0))
    return { ...loaded, table: { ...table, shape } };
  throw usage('the rows cannot take this shape', {
    where: table.where,
    got: `[${shape}], ${wanted} numbers`,
    expected: `${width(table)}, as many as a row has`,
  });
}

/** The table with the labels of a file of their own; those of a column or of records are there already. */
async function labelled(loaded: Loaded, path: string, options: LoadOptions): Promise<Loaded> {
  if (options.labels === undefined || loaded.table.labels) return loaded;
  const open = async (file: string) => {
    const bytes = await readFile(file);
    return inner(file) === file ? bytes : inflate(bytes, file, options.maxBytes ?? 2 ** 30);
  };
  const labels = await labelsOfFile(options.labels, path, loaded.table.count, open);
  return { ...loaded, table: { ...loaded.table, labels } };
}
