import type { Dataset } from '../../data/index.ts';
import { isDataset } from './data.ts';
import { takeFolder } from './destination.ts';
import type { TrainOptions } from './options.ts';

/** Prepares and makes a training with its folder locked, and closes the data that it has opened. */
export async function inFolder<P extends { readonly dataset: Dataset }, R>(
  options: Parameters<typeof takeFolder>[0] & Pick<TrainOptions, 'data'>,
  prepare: () => Promise<P>,
  make: (prepared: P) => Promise<R>,
): Promise<R> {
  const { data } = options;
  const lock = await takeFolder(options);
  try {
    const prepared = await prepare();
    try {
      return await make(prepared);
    } finally {
      if (!isDataset(data)) prepared.dataset.close?.();
    }
  } finally {
    await lock?.release();
  }
}
