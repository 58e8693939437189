import { join, resolve } from 'node:path';
import type { Dataset, RowHashes } from '../../data/index.ts';
import { failure, usage } from '../../errors.ts';
import { readFolder, readRegular } from '../../files/disk.ts';
import { readNpy, writeNpy } from '../../files/index.ts';
import type { RunConfig } from './config.ts';

/**
 * The file of a run that holds the hashes of the rows trained on, in the order of the data: `[N]`, or
 * `[N, 1 + roundings]` with those of the rounded rows.
 */
export const rowsName = 'rows.npy';

/** What is written of them; nothing for densities, which have no rows. */
export function rowsFile(hashes: RowHashes | undefined): Readonly<Record<string, Uint8Array>> {
  if (!hashes) return {};
  const columns = [hashes.exact, ...hashes.rounded];
  const [count, width] = [hashes.exact.length, columns.length];
  const data = new Float64Array(count * width);
  for (const [k, column] of columns.entries())
    for (let i = 0; i < count; i++) data[i * width + k] = column[i]!;
  return { [rowsName]: writeNpy(data, width === 1 ? [count] : [count, width]) };
}

/**
 * The hashes of the rows that the run in `dir` was trained on; undefined where none were written.
 * @throws failure for a damaged file
 */
export async function readRows(dir: string): Promise<RowHashes | undefined> {
  const where = join(dir, rowsName);
  const bytes = await readFolder(dir, folder => readRegular(join(folder, rowsName)).catch(missing(where)));
  if (!bytes) return undefined;
  const { data, shape } = readNpy(bytes, where);
  const [count = 0, width = 1] = shape;
  const isForm = width > 0 && [1, 2].includes(shape.length);
  if (data instanceof Float64Array && isForm && data.every(Number.isSafeInteger)) {
    const column = (k: number) => Float64Array.from({ length: count }, (_, i) => data[i * width + k]!);
    return { exact: column(0), rounded: Array.from({ length: width - 1 }, (_, k) => column(k + 1)) };
  }
  throw failure('not the hashes of rows', { where, got: `shape [${shape}]` });
}

/** Undefined if there is no such file. Any other reason why it cannot be read becomes an error. */
const missing = (where: string) => (error: NodeJS.ErrnoException) => {
  if (error.code === 'ENOENT') return undefined;
  throw failure('cannot be read', { where, got: error.message });
};

/**
 * Refuses to continue a training on other data. Rows are identified by their values and order, whatever their
 * path is.
 * @throws usage that says how many rows are the same
 */
export function requireRows(
  dataset: Dataset,
  trained: RowHashes | undefined,
  config: Pick<RunConfig, 'data'>,
): void {
  const { source } = config.data;
  const hashes = trained && dataset.hashes?.().exact;
  if (!trained && isSource(dataset, source)) return;
  const { exact } = trained ?? {};
  if (exact && hashes?.length === exact.length && hashes.every((hash, i) => hash === exact[i])) return;
  const trainedRows = new Set(exact);
  const common = hashes?.filter(hash => trainedRows.has(hash)).length ?? 0;
  throw usage('The data are not those of the run', {
    where: dataset.path ?? dataset.name,
    got: hashes ? `${hashes.length} rows to train on, ${common} of them those of the run` : dataset.name,
    expected: exact ? `its ${exact.length} rows in their order, those of ${source}` : source,
    remedy: 'Resume with the data as they were, or train anew: --overwrite in place of --resume',
  });
}

/** For data without rows, or a run that kept no hashes, the name or the path must be enough. */
const isSource = ({ path, name, count }: Dataset, source: string) =>
  count === Infinity ? name === source : path === undefined || path === resolve(source);
