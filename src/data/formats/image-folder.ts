import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { usage } from '../../errors.ts';
import type { Loaded } from '../table.ts';
import { bytesOf } from './bytes.ts';
import { readCifar } from './cifar.ts';
import { loadImageFolder } from './images/folder.ts';
import { type LoadOptions, noColumns, ofCifar } from './readers.ts';
import { isStreamed, streamCifar } from './stream.ts';

const CIFAR_BATCH = /^data_batch_\d+\.bin$/;

/** Whether this is a folder of images that have to be scaled. CIFAR-10's binary version has a fixed size. */
export async function isImageFolder(path: string): Promise<boolean> {
  const entry = await stat(path).catch(() => undefined);
  return entry?.isDirectory() ? (await cifarBatches(path)).length === 0 : false;
}

const cifarBatches = async (path: string) =>
  (await readdir(path)).filter(name => CIFAR_BATCH.test(name)).sort();

/** Loads a folder: the training images of CIFAR-10's binary version, or the images of any other folder. */
export async function loadFolder(path: string, options: LoadOptions): Promise<Loaded> {
  noColumns(path, options);
  const where = path;
  const batches = (await cifarBatches(path)).map(name => join(path, name));
  if (batches.length === 0) {
    return { table: await loadImageFolder(where, options), levels: true };
  }
  if (options.size !== undefined || options.background !== undefined)
    throw usage('CIFAR-10 images are 32 × 32', { where });
  const sizes = await Promise.all(batches.map(async batch => (await stat(batch)).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (isStreamed(bytes, options)) return streamCifar(batches, where, options);
  const files = batches.map(async batch => ({ bytes: await bytesOf(batch), where: batch }));
  return ofCifar(readCifar(await Promise.all(files)), where, options);
}
