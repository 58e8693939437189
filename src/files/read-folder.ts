import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { failure, usage } from '../errors.ts';
import { isFolder, isOwnFolder, placeOf, siblings } from './siblings.ts';

/**
 * A writer's two renames take under a millisecond. A folder that changes at every attempt is written
 * continuously.
 */
const MOST_LOOKS = 50;
const REST = 10;

/**
 * The folder to read for `dir`: itself; or, if a writer was stopped between its two renames, the old folder
 * that it moved aside.
 * @throws usage if neither exists
 */
export async function folderToRead(dir: string): Promise<string> {
  const target = await placeOf(dir);
  const { aside } = siblings(target);
  if (await isFolder(target)) return target;
  if (await isOwnFolder(aside)) return aside;
  // The second rename may have happened between the two checks.
  if (await isFolder(target)) return target;
  throw usage('no such folder', { where: dir });
}

/** Whether a run or something similar is there: `name` is in the folder that is read for `dir`. */
export async function holdsFile(dir: string, name: string): Promise<boolean> {
  const folder = await folderToRead(dir).catch(() => undefined);
  return folder !== undefined && (await stat(join(folder, name)).catch(() => undefined)) !== undefined;
}

/**
 * Reads several files of a folder as they were at one time: if the folder was replaced meanwhile, all are
 * read again. `read` gets the folder to read from.
 * @throws what `read` throws for a folder that did not change; failure if there is none
 */
export async function readFolder<T>(dir: string, read: (folder: string) => Promise<T>): Promise<T> {
  for (let look = 1; ; look++) {
    const folder = await folderToRead(dir);
    const before = await identityOf(folder);
    const result = await read(folder).then(
      value => ({ value }),
      (error: unknown) => ({ error }),
    );
    const again = await folderToRead(dir).catch(() => undefined);
    const isUnchanged = before !== undefined && again === folder && (await identityOf(folder)) === before;
    if ('value' in result && isUnchanged) return result.value;
    if ('error' in result && (isUnchanged || look >= MOST_LOOKS)) throw result.error;
    if (look >= MOST_LOOKS) throw failure('it is replaced faster than it can be read', { where: dir });
    await pause(REST);
  }
}

/** Identifies the folder, whatever its name. The number of a removed folder may be given to another one. */
async function identityOf(folder: string): Promise<string | undefined> {
  const entry = await stat(folder, { bigint: true }).catch(() => undefined);
  return entry && `${entry.dev} ${entry.ino} ${entry.birthtimeNs}`;
}
