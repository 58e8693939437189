import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, usage } from '../../errors.ts';
import {
  checkSeal,
  digestOf,
  openSafetensors,
  parseJson,
  readRegular,
  readSafetensors,
  type StoredTensor,
  writeSafetensors,
} from '../../files/index.ts';
import type { PlainTensor } from '../../tensor/index.ts';

/** The files in the folder of a run. */
export const checkpointFiles: readonly string[] = [
  'config.json',
  'model.safetensors',
  'state.json',
  'state.safetensors',
];

/** From this size in bytes on, the numbers stay in the file until they are needed. */
const LARGE = 1 << 26;

/** Tensors with their digest, so that a reader can detect any change. */
export const sealed = (tensors: ReadonlyMap<string, StoredTensor>): Uint8Array =>
  writeSafetensors({ tensors, metadata: { sha256: digestOf(tensors) } });

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

/** The same for the bytes of such a file from any source. */
export function readSealedBytes(bytes: Uint8Array, where: string): ReadonlyMap<string, PlainTensor> {
  const { tensors, metadata } = readSafetensors(bytes, where);
  checkTensors(tensors, metadata, where);
  return tensors as ReadonlyMap<string, StoredTensor & PlainTensor>;
}

function checkTensors(...[tensors, metadata, where]: Parameters<typeof checkSeal>): void {
  checkSeal(tensors, metadata, where);
  for (const [name, { dtype, data }] of tensors) {
    if (dtype !== 'F32') throw failure(`The tensor "${name}" is not float32`, { where });
    if (!allFinite(data as Float32Array))
      throw failure(`The tensor "${name}" holds numbers that are not finite`, { where });
  }
}

/**
 * 0·x is 0 for every finite x and NaN otherwise. Calling a function for each number would take five times as
 * long.
 */
function allFinite(data: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += 0 * data[i]!;
  return sum === 0;
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
