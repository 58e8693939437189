import { join, resolve } from 'node:path';
import type { Dataset } from '../../data/index.ts';
import { failure, usage } from '../../errors.ts';
import { readFolder, readRegular } from '../../files/disk.ts';
import { readNpy, writeNpy } from '../../files/index.ts';
import type { RunConfig } from './config.ts';

/** The file of a run that holds the hashes of the rows trained on, in the order of the data. */
export const rowsName = 'rows.npy';

/** What is written of them; nothing for densities, which have no rows. */
export const rowsFile = (hashes: Float64Array | undefined): Readonly<Record<string, Uint8Array>> =>
  hashes ? { [rowsName]: writeNpy(hashes, [hashes.length]) } : {};

/**
 * The hashes of the rows that the run in `dir` was trained on; undefined where none were written.
 * @throws failure for a damaged file
 */
export async function readRows(dir: string): Promise<Float64Array | undefined> {
  const where = join(dir, rowsName);
  const bytes = await readFolder(dir, folder => readRegular(join(folder, rowsName)).catch(missing(where)));
  if (!bytes) return undefined;
  const { data, shape } = readNpy(bytes, where);
  if (data instanceof Float64Array && shape.length === 1 && data.every(Number.isSafeInteger)) return data;
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
  trained: Float64Array | undefined,
  config: Pick<RunConfig, 'data'>,
): void {
  const { source } = config.data;
  const hashes = trained && dataset.hashes?.();
  if (!trained && isSource(dataset, source)) return;
  if (trained && hashes?.length === trained.length && hashes.every((hash, i) => hash === trained[i])) return;
  const trainedRows = new Set(trained);
  const common = hashes?.filter(hash => trainedRows.has(hash)).length ?? 0;
  throw usage('The data are not those of the run', {
    where: dataset.path ?? dataset.name,
    got: hashes ? `${hashes.length} rows to train on, ${common} of them those of the run` : dataset.name,
    expected: trained ? `its ${trained.length} rows in their order, those of ${source}` : source,
    remedy: 'Resume with the data as they were, or train anew: --overwrite in place of --resume',
  });
}

/** For data without rows, or a run that kept no hashes, the name or the path must be enough. */
const isSource = ({ path, name, count }: Dataset, source: string) =>
  count === Infinity ? name === source : path === undefined || path === resolve(source);
