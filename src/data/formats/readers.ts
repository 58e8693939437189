import { usage } from '../../errors.ts';
import type { ContentName } from '../../files/index.ts';
import { type FileArray, inMemory, npyHeader, readNpy } from '../../files/index.ts';
import { type TextColumnOptions, textColumns } from '../columns/text-columns.ts';
import { labelsFrom } from '../labels.ts';
import type { Loaded, Table } from '../table.ts';
import { arrayTable } from './array-table.ts';
import { type Cifar, readCifar } from './cifar.ts';
import { IDX_NAME, idxHeader, readIdx } from './idx.ts';
import { withoutGz } from './names.ts';
import { readNpzTable } from './npz.ts';
import type { HeaderReader } from './packed.ts';
import type { StreamOptions } from './stream.ts';
import type { TextOptions, TextTable } from './text/contract.ts';
import { readJsonLines, readJsonTable } from './text/json-records.ts';
import { readTextTable } from './text/table.ts';

export interface LoadOptions extends TextOptions, TextColumnOptions, StreamOptions {
  /** Name of the array in an `.npz` with several arrays. */
  readonly array?: string;
  /**
   * The largest number of bytes after decompressing a file (default 1 GiB), or of the images in a folder
   * (default 4 GiB).
   */
  readonly maxBytes?: number;
  /**
   * Side length to which the images of a folder are scaled and cropped. Without it they must have one size.
   */
  readonly size?: number;
  /** The colour behind transparent pixels of images in a folder: `white`, `black`, `grey` or `#rrggbb`. */
  readonly background?: string;
  /** The shape of a row that is a plain list in the file: `[8, 8]` for 64 columns of pixels. */
  readonly shape?: readonly number[];
  /**
   * The classes of the rows: a column of a CSV file; an array of the same `.npz`; a file of labels (IDX,
   * `.npy` of whole numbers or texts, or text with one label in each line; a path, or a name next to the
   * data); or `own`, for CIFAR-10 and for a folder of images whose subfolders are the classes.
   */
  readonly labels?: string;
}

/** Reads the whole bytes of a file; `where` names it in errors. */
type Reader = (bytes: Uint8Array, where: string, options: LoadOptions) => Loaded;

/** Reads the cells of a table as texts. */
type CellReader = (bytes: Uint8Array, where: string, options: TextOptions) => TextTable;

/** A reader of a table of text. */
const ofCells = (cells: CellReader) => ({
  contents: [],
  gives: 'columns' as const,
  cells,
  read: ((bytes, where, options) => tableOnly(textColumns(cells(bytes, where, options), options))) as Reader,
});

/** A text table. `usual` is its delimiter, unless the content shows another one. */
const textReader = (usual: string) =>
  ofCells((bytes, where, options) => readTextTable(bytes, where, options, usual));

/** Records of JSON, read as a table of text. */
const recordReader = (read: typeof readJsonTable) => ofCells((bytes, where) => read(bytes, where));

/** Whether the name of a file is that of a text table, whose columns have names. */
export const isTextTable = (path: string): boolean => readerOf(path)?.gives === 'columns';

const tableOnly = (table: Table): Loaded => ({ table, levels: false });

/** A kind of file that can be read. */
export interface FileReader {
  /** The endings of its names; each may be followed by `.gz`. */
  readonly ending: RegExp;
  readonly shown: string;
  /**
   * The kinds of content with a signature that the reader accepts. It checks content without a signature
   * itself.
   */
  readonly contents: readonly ContentName[];
  /** Columns with names, rows of any shape, or pictures of 256 levels (if their numbers are bytes). */
  readonly gives: 'columns' | 'rows' | 'pictures';
  readonly read: Reader;
  /** Of a table of text: its cells. */
  readonly cells?: CellReader;
  /** Of a file that is one array: its header, and what is made of the array. */
  readonly array?: {
    readonly header: HeaderReader;
    readonly of: (array: FileArray, where: string, options: LoadOptions) => Loaded;
  };
}

/** One row for each kind of file that can be read. */
export const READERS: readonly FileReader[] = [
  { ending: /\.csv$/i, shown: '.csv', ...textReader(',') },
  { ending: /\.(tsv|tab)$/i, shown: '.tsv, .tab', ...textReader('\t') },
  { ending: /\.(txt|dat|data)$/i, shown: '.txt, .dat, .data', ...textReader(',') },
  { ending: /\.json$/i, shown: '.json', ...recordReader(readJsonTable), contents: ['json'] },
  {
    ending: /\.(jsonl|ndjson)$/i,
    shown: '.jsonl, .ndjson',
    ...recordReader(readJsonLines),
    contents: ['json'],
  },
  {
    ending: /\.npy$/i,
    shown: '.npy',
    contents: ['npy'],
    gives: 'rows',
    read: (bytes, where) => ofArray(readNpy(bytes, where), where),
    array: { header: npyHeader, of: ofArray },
  },
  { ending: /\.npz$/i, shown: '.npz', contents: ['npz', 'zip'], gives: 'rows', read: readArchive },
  {
    ending: IDX_NAME,
    shown: '-idx3-ubyte, .idx',
    contents: [],
    gives: 'pictures',
    read: (bytes, where) => ofPictures(readIdx(bytes, where), where),
    array: { header: idxHeader, of: ofPictures },
  },
  {
    ending: /\.bin$/i,
    shown: '.bin (CIFAR-10)',
    contents: [],
    gives: 'pictures',
    read: readRecords,
  },
];

/** The reader of a file of this name; undefined if its ending is not supported. */
export const readerOf = (name: string): FileReader | undefined =>
  READERS.find(({ ending }) => ending.test(withoutGz(name)));

/** The endings of file names, for errors and help. */
export const fileEndings: readonly string[] = READERS.map(({ shown }) => shown);

/** Throws for a choice of columns where rows are no list of them. */
export function noColumns(where: string, { columns, exclude, kinds }: LoadOptions): void {
  if (columns || exclude?.length || Object.keys(kinds ?? {}).length > 0)
    throw usage('columns can be chosen only of a table with a header', { where });
}

function ofArray(array: FileArray, where: string): Loaded {
  return tableOnly(arrayTable(array, where));
}

function readArchive(bytes: Uint8Array, where: string, options: LoadOptions): Loaded {
  return tableOnly(readNpzTable(inMemory(bytes), where, options));
}

function ofPictures(array: FileArray, where: string): Loaded {
  return {
    table: arrayTable(array, where),
    levels: array.data instanceof Uint8Array && array.shape.length > 1,
  };
}

function readRecords(bytes: Uint8Array, where: string, options: LoadOptions): Loaded {
  return ofCifar(readCifar([{ bytes, where }]), where, options);
}

export function ofCifar(cifar: Cifar, where: string, { labels }: LoadOptions): Loaded {
  const { count, ...table } = arrayTable(cifar, where);
  const ownLabels = labels === 'own' && { labels: labelsFrom('own', where, cifar.labels, count) };
  return { table: { ...table, count, ...ownLabels }, levels: true };
}
