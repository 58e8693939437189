import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { usage } from '../errors.ts';
import { asRows, refuseOther, refuseStray, unknownEnding } from './as-rows.ts';
import { contentOf } from './formats/bytes.ts';
import { loadFolder } from './formats/image-folder.ts';
import { labelsOfFile } from './formats/label-file.ts';
import { MOST_INFLATED, withoutGz } from './formats/names.ts';
import { openerOf } from './formats/openers.ts';
import { readPacked } from './formats/packed.ts';
import { type LoadOptions, readerOf } from './formats/readers.ts';
import { isStreamed, streamFile } from './formats/stream.ts';
import type { TextOptions, TextTable } from './formats/text/contract.ts';
import type { Loaded } from './table.ts';

/** Whether a text is a file name: it has one of the supported endings, or names something in a folder. */
export const isFileName = (spec: string): boolean => /[\\/]/.test(spec) || readerOf(spec) !== undefined;

/**
 * Reads a file of data by its ending, or a folder of images.
 * @throws usage if the file is missing or its ending is not supported; failure, naming the place, if it is
 *   damaged
 */
export async function loadTable(path: string, options: LoadOptions = {}): Promise<Loaded> {
  return asRows(await labelled(await loadRows(path, options), path, options), path, options);
}

/** The cells of a file that is a table of text; undefined for any other file. */
export async function openCells(path: string, options: TextOptions = {}): Promise<TextTable | undefined> {
  const { cells } = readerOf(path) ?? {};
  return cells?.(await contentOf(path), path, options);
}

async function loadRows(path: string, options: LoadOptions): Promise<Loaded> {
  const reader = readerOf(path);
  const entry = await stat(path).catch(() => undefined);
  if (!entry) throw usage('no such file', { where: path });
  if (entry.isDirectory()) return loadFolder(path, options);
  refuseStray(path, options);
  if (!reader) throw unknownEnding(path, basename(path));
  const isPlain = withoutGz(path) === path;
  const streamed =
    (isPlain && isStreamed(entry.size, options)) || options.stream
      ? streamFile(path, isPlain ? openerOf(path) : undefined, options)
      : undefined;
  if (streamed) return streamed;
  const check = (head: Uint8Array) => refuseOther(head, path, reader);
  if (!isPlain && reader.array) {
    const array = await readPacked(path, reader.array.header, options.maxBytes ?? MOST_INFLATED, check);
    if (array) return reader.array.of(array, path, options);
  }
  const bytes = await contentOf(path, options.maxBytes);
  check(bytes);
  return reader.read(bytes, path, options);
}

/** The table with the labels of a separate file. Labels of a column or of records are already there. */
async function labelled(loaded: Loaded, path: string, options: LoadOptions): Promise<Loaded> {
  if (options.labels === undefined || loaded.table.labels) return loaded;
  const open = (file: string) => contentOf(file, options.maxBytes);
  const { labels, notes } = await labelsOfFile(options.labels, path, loaded.table.count, open);
  return { ...loaded, table: { ...loaded.table, labels, notes: [...(loaded.table.notes ?? []), ...notes] } };
}
