import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { failure, usage } from '../errors.ts';
import { type ContentName, sniffContent } from '../files/index.ts';
import { arrayColumns } from './columns/array-columns.ts';
import { contentOf, MOST_INFLATED, withoutGz } from './formats/bytes.ts';
import { loadFolder } from './formats/image-folder.ts';
import { labelsOfFile } from './formats/label-file.ts';
import { readPacked } from './formats/packed.ts';
import { fileEndings, isTextTable, type LoadOptions, noColumns, READERS } from './formats/readers.ts';
import { isStreamed, streamFile } from './formats/stream.ts';
import { channelsLast } from './pixels.ts';
import { type Loaded, width } from './table.ts';

/** Whether a text is a file name: it has one of the supported endings, or names something in a folder. */
export const isFileName = (spec: string): boolean =>
  /[\\/]/.test(spec) || READERS.some(({ ending }) => ending.test(withoutGz(spec)));

/**
 * Reads a file of data by its ending, or a folder of images.
 * @throws usage if the file is missing or its ending is not supported; failure, naming the place, if it is
 *   damaged
 */
export async function loadTable(path: string, options: LoadOptions = {}): Promise<Loaded> {
  const formedRows = formed(await labelled(await loadRows(path, options), path, options), options.shape);
  const loaded = withKinds(formedRows, path, options);
  const notes = [...(loaded.table.notes ?? []), ...channelsLast(loaded.table)];
  return { ...loaded, table: { ...loaded.table, notes } };
}

/** An array of flat rows in memory, with the kinds of its columns. Pictures have none. */
function withKinds(loaded: Loaded, path: string, options: LoadOptions): Loaded {
  const { table } = loaded;
  if (isTextTable(path)) return loaded;
  if (options.plain || loaded.levels || table.shape.length !== 1) {
    noColumns(path, options);
    return loaded;
  }
  return { ...loaded, table: arrayColumns(table, options) };
}

async function loadRows(path: string, options: LoadOptions): Promise<Loaded> {
  const reader = READERS.find(({ ending }) => ending.test(withoutGz(path)));
  const entry = await stat(path).catch(() => undefined);
  if (!entry) throw usage('no such file', { where: path });
  if (entry.isDirectory()) return loadFolder(path, options);
  if (options.array !== undefined && !/\.npz$/i.test(withoutGz(path)))
    throw usage('an array can be chosen only of an .npz', {
      where: path,
      got: options.array,
      remedy: 'Leave --array out.',
    });
  for (const option of ['size', 'background'] as const)
    if (options[option] !== undefined)
      throw usage(`a ${option} can be chosen only for a folder of images`, { where: path });
  if (!reader)
    throw usage('The file ending is not supported', {
      where: path,
      got: basename(path),
      expected: fileEndings.join(', '),
    });
  const plain = withoutGz(path) === path;
  const streamed =
    (plain && isStreamed(entry.size, options)) || options.stream
      ? streamFile(path, plain ? reader.open : undefined, options)
      : undefined;
  if (streamed) return streamed;
  const check = (head: Uint8Array) => refuseOther(head, path, reader.contents);
  if (!plain && reader.array) {
    const array = await readPacked(path, reader.array.header, options.maxBytes ?? MOST_INFLATED, check);
    if (array) return reader.array.of(array, path, options);
  }
  const bytes = await contentOf(path, options.maxBytes);
  check(bytes);
  return reader.read(bytes, path, options);
}

/** Refuses content that is recognised by its first bytes and does not match the file ending. */
function refuseOther(bytes: Uint8Array, where: string, contents: readonly ContentName[]): void {
  const content = sniffContent(bytes);
  if (!content || contents.includes(content.name)) return;
  throw failure(`the content is ${content.title}, not what the ending says`, {
    where,
    remedy: content.remedy,
  });
}

/** An axis of length 1 carries no information. */
const sides = (shape: readonly number[]) => shape.filter(side => side !== 1);

/** The table with rows of this shape, if the rows are lists of numbers. The numbers stay as they are. */
function formed(loaded: Loaded, shape?: readonly number[]): Loaded {
  const { table } = loaded;
  if (shape === undefined || shape.join() === table.shape.join()) return loaded;
  const size = shape.reduce((product, side) => product * side, 1);
  const own = sides(table.shape);
  if (own.length > 1 && own.join() !== sides(shape).join())
    throw usage('the rows have another shape', {
      where: table.where,
      got: `[${table.shape}]`,
      expected: `[${shape}], or rows that are a list of numbers`,
      ...(channelsLast(table).length > 0 && {
        remedy: 'Channels come first: write numpy.moveaxis(x, -1, 1)',
      }),
    });
  if (size === width(table) && shape.every(side => Number.isInteger(side) && side > 0))
    return { ...loaded, table: { ...table, shape } };
  throw usage('the rows cannot take this shape', {
    where: table.where,
    got: `[${shape}], ${size} numbers`,
    expected: `${width(table)}, as many as a row has`,
  });
}

/** The table with the labels of a separate file. Labels of a column or of records are already there. */
async function labelled(loaded: Loaded, path: string, options: LoadOptions): Promise<Loaded> {
  if (options.labels === undefined || loaded.table.labels) return loaded;
  const open = (file: string) => contentOf(file, options.maxBytes);
  const { labels, notes } = await labelsOfFile(options.labels, path, loaded.table.count, open);
  return { ...loaded, table: { ...loaded.table, labels, notes: [...(loaded.table.notes ?? []), ...notes] } };
}
