import { failure, usage } from '../errors.ts';
import { inflateGzip } from '../files/index.ts';
import { asRows, refuseOther, refuseStray, unknownEnding } from './as-rows.ts';
import type { Dataset } from './contract.ts';
import { datasetOf, type OpenOptions, readingOf } from './dataset-of.ts';
import { MOST_INFLATED, withoutGz } from './formats/names.ts';
import { readerOf } from './formats/readers.ts';

/** A file without a folder: the `File` that a person dropped or chose, or anything like it. */
export interface NamedFile {
  /** The file name; its ending determines the format. */
  readonly name: string;
  /** All its bytes. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * Opens a file by its bytes, of every format that `openDataset` reads from a path.
 * @throws usage for an unknown ending, for labels in another file, and for rows that should stay in the file;
 *   failure for damaged contents
 */
export async function openNamedFile(file: NamedFile, options: OpenOptions): Promise<Dataset> {
  requireFile(file);
  const { name } = file;
  const reader = readerOf(name);
  if (!reader) throw unknownEnding(name, name);
  const reading = readingOf(options);
  refuseStray(name, reading);
  if (reading.stream) throw usage('rows stay only in a file that has a path', { where: name });
  const bytes = await bytesOf(file, options);
  refuseOther(bytes, name, reader);
  const loaded = asRows(reader.read(bytes, name, reading), name, reading);
  if (reading.labels !== undefined && !loaded.table.labels)
    throw usage('labels that are not in the file', {
      where: name,
      got: reading.labels,
      expected: 'a column of the table, an array of the .npz, or own for CIFAR-10',
    });
  return datasetOf(name, loaded, options);
}

function requireFile(file: unknown): asserts file is NamedFile {
  const { name, arrayBuffer } = Object(file) as Partial<NamedFile>;
  if (typeof name === 'string' && typeof arrayBuffer === 'function') return;
  throw usage('The data are neither a name, nor a path, nor a file', {
    got: Array.isArray(file) ? 'a list' : 'an object',
    expected: 'a text such as moons or rows.csv, or a File with name and arrayBuffer()',
  });
}

async function bytesOf(file: NamedFile, { maxBytes = MOST_INFLATED }: OpenOptions): Promise<Uint8Array> {
  let buffer: unknown;
  try {
    buffer = await file.arrayBuffer();
  } catch (cause) {
    throw failure('cannot be read', {
      where: file.name,
      got: String((cause as Error | undefined)?.message ?? cause),
    });
  }
  if (!(buffer instanceof ArrayBuffer))
    throw usage('arrayBuffer() of a file has to give an ArrayBuffer', { where: file.name });
  const bytes = new Uint8Array(buffer);
  return withoutGz(file.name) === file.name ? bytes : inflateGzip(bytes, file.name, maxBytes);
}
