import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, usage } from '../../errors.ts';
import { openSafetensors, readRegular } from '../../files/disk.ts';
import { parseJson, readSafetensors, type StoredTensor } from '../../files/index.ts';
import type { PlainTensor } from '../../tensor/index.ts';
import { checkTensors } from './weights-file.ts';

/** The files in the folder of a run. */
export const checkpointFiles: readonly string[] = [
  'config.json',
  'model.safetensors',
  'state.json',
  'state.safetensors',
];

/** From this size in bytes on, the numbers stay in the file until they are needed. */
const LARGE = 1 << 26;

/**
 * The tensors of a file of the run `dir`, which is in `folder`. Those of a large file stay in the file. They
 * remain those of this file even if another file replaces it.
 * @throws failure if the file was not made by `sealed` from finite float32 numbers
 */
export async function readSealed(
  folder: string,
  name: string,
  dir: string,
): Promise<ReadonlyMap<string, PlainTensor>> {
  const where = join(dir, name);
  const path = join(folder, name);
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  // On Windows, a folder that contains an open file cannot be replaced.
  const inFile = size >= LARGE && process.platform !== 'win32';
  const { tensors, passing, metadata } = inFile
    ? openSafetensors(path, where)
    : readWhole(await readBytes(folder, name), where);
  checkTensors(passing, metadata, where);
  return tensors as ReadonlyMap<string, StoredTensor & PlainTensor>;
}

function readWhole(bytes: Uint8Array, where: string) {
  const { tensors, metadata } = readSafetensors(bytes, where);
  return { tensors, passing: tensors, metadata };
}

export const readJson = async (folder: string, name: string): Promise<unknown> =>
  parseJson((await readBytes(folder, name)).toString('utf8'), join(folder, name));

async function readBytes(folder: string, name: string): Promise<Buffer> {
  return readRegular(join(folder, name)).catch((cause: NodeJS.ErrnoException) => {
    // A folder without a configuration was never a run. A folder without one of the other files is a damaged
    // run.
    const fault = cause.code === 'ENOENT' && name === 'config.json' ? usage : failure;
    throw fault('This is not a whole run', {
      where: join(folder, name),
      got: cause.code === 'ENOTFILE' ? cause.message : (cause.code ?? cause.message),
      remedy: `A run is a folder with ${checkpointFiles.join(', ')}, made by \`langevin train DATA --out RUN\``,
    });
  });
}
