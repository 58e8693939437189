import { failure, usage } from '../../errors.ts';
import { npyHeader } from '../../files/index.ts';
import { labelsFrom } from '../labels.ts';
import type { Loaded } from '../table.ts';
import { idxHeader } from './idx.ts';
import { type Layout, type OpenFile, openFile, storedNumbers } from './stored.ts';
import { storedCifar } from './stored-cifar.ts';

/** Whether rows stay in their file. */
export interface StreamOptions {
  /** `own` means the classes in the records of CIFAR-10. */
  readonly labels?: string;
  /** Whether rows stay in their file. Default: only for files of more than 256 MiB. */
  readonly stream?: boolean;
}

/** Files up to this size are read into memory, unless `stream` is set. */
const STREAM_ABOVE = 2 ** 28;

export const isStreamed = (bytes: number, { stream }: StreamOptions): boolean =>
  stream ?? bytes > STREAM_ABOVE;

/** The longest header to read. Those of IDX have at most 1,024 bytes, those of plain `.npy` a few hundred. */
const MOST_HEADER = 2 ** 17;

/** Opens a file whose rows are read on demand; undefined if it must be read as a whole. */
export type Opener = (file: OpenFile, options: StreamOptions) => Loaded | undefined;

/**
 * An uncompressed file whose rows are read on demand, by the opener of its format. Undefined for a format
 * without an opener; such a file must be read as a whole.
 * @throws usage for such a file if `stream` is true; failure for damaged files
 */
export function streamFile(
  path: string,
  open: Opener | undefined,
  options: StreamOptions,
): Loaded | undefined {
  const file = open && openFile(path);
  try {
    const loaded = file && open(file, options);
    if (loaded || !options.stream) {
      if (!loaded) file?.close();
      return loaded;
    }
  } catch (error) {
    file?.close();
    throw error;
  }
  file?.close();
  throw usage('rows of this file cannot be read one by one', {
    where: path,
    expected: '.npy in C order, IDX or CIFAR-10 .bin, uncompressed, or a folder of images',
    remedy: 'Leave --stream out, or write the data as .npy.',
  });
}

/** The training images of CIFAR-10's binary version, read from their files on demand. */
export function streamCifar(paths: readonly string[], where: string, options: StreamOptions): Loaded {
  const files: OpenFile[] = [];
  try {
    for (const path of paths) files.push(openFile(path));
    return cifarOf(files, where, options);
  } catch (error) {
    for (const file of files) file.close();
    throw error;
  }
}

/** CIFAR-10's binary version. */
export const openRecords: Opener = (file, options) => cifarOf([file], file.path, options);

function cifarOf(files: readonly OpenFile[], where: string, options: StreamOptions): Loaded {
  const { values, labels } = storedCifar(files);
  const count = labels.length;
  const ownLabels = options.labels === 'own' && { labels: labelsFrom('own', where, labels, count) };
  return { table: { where, values, count, shape: [3, 32, 32], ...ownLabels }, levels: true };
}

/** `.npy` in C order. */
export function openNpy(file: OpenFile): Loaded | undefined {
  const header = npyHeader(file.read(0, Math.min(MOST_HEADER, file.length)), file.length, file.path);
  return header.fortran && header.shape.length > 1 ? undefined : rowsOf(file, header, false);
}

/** IDX. */
export function openIdx(file: OpenFile): Loaded {
  const header = idxHeader(file.read(0, Math.min(MOST_HEADER, file.length)), file.length, file.path);
  return rowsOf(file, header, header.known === 'bytes' && header.shape.length > 1);
}

function rowsOf(
  file: OpenFile,
  header: Layout & { readonly shape: readonly number[] },
  levels: boolean,
): Loaded {
  const [count, ...rest] = header.shape;
  if (count === undefined) throw failure('a single number, not rows', { where: file.path });
  const shape = rest.length > 0 ? rest : [1];
  return { table: { where: file.path, values: storedNumbers(file, header), count, shape }, levels };
}
