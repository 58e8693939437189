import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, parse, sep } from 'node:path';
import { type LangevinError, usage } from '../errors.ts';
import { errorCode, syncFolder, unwritable, writeSynced } from './atomic.ts';
import { entryAt, isFolder, isOwnFolder, placeOf, siblings } from './siblings.ts';

export type FolderFiles = Readonly<Record<string, Uint8Array | string>>;

/**
 * Replaces the files of a folder all at once. They are written to a sibling folder and synced. Then the
 * existing folder is moved aside, the new one takes its name, and the old one is removed. Other entries that
 * a user put into the folder are kept. A link is followed, and stays. Missing parent folders are created.
 * There can be only one writer at a time; readers use `readFolder`.
 * @throws usage if the folder is not one of ours (it holds other things and none of these names) or holds the
 * working directory; failure if it cannot be written. The earlier contents are then still there, complete.
 */
export async function writeFolderAtomic(dir: string, files: FolderFiles): Promise<void> {
  const target = await placeOf(dir);
  const { fresh, aside } = siblings(target);
  await checkFolder(dir, Object.keys(files));
  try {
    await mkdir(dirname(target), { recursive: true });
    await settle(target);
    await rm(fresh, { recursive: true, force: true });
    await mkdir(fresh);
    for (const [name, bytes] of Object.entries(files)) await writeSynced(join(fresh, name), bytes);
    await syncFolder(fresh);
    if (await isFolder(target)) await rename(target, aside);
    await rename(fresh, target);
    await syncFolder(dirname(target));
    await settle(target);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true }).catch(() => undefined);
    await settle(target).catch(() => undefined);
    throw unwritable(dir, error);
  }
}

/**
 * Refuses, before any long work, a folder that {@link writeFolderAtomic} would refuse: a file of that name, a
 * folder with other contents, the working directory or a folder that holds it, and a mount point, which no
 * other folder can replace.
 */
export async function checkFolder(dir: string, names: readonly string[]): Promise<void> {
  const target = await placeOf(dir);
  for (const name of names)
    if (parse(name).base !== name || name === '.' || name === '..')
      throw usage('a file in a folder needs a plain name', { where: dir, got: name });
  if (target === parse(target).root || `${process.cwd()}${sep}`.startsWith(`${target}${sep}`))
    throw refused(dir, 'it is, or holds, the folder you are working in');
  if (await isMountPoint(target))
    throw refused(dir, 'a disk is mounted there', 'Name a folder in it, which can be replaced whole.');
  const entries = await readdir(target).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw errorCode(error) === 'ENOTDIR' ? refused(dir, 'it is a file') : unwritable(dir, error);
  });
  if (entries.length > 0 && !entries.some(entry => names.includes(entry)))
    throw refused(dir, 'it exists and holds other things');
}

const OTHERWISE = 'Name a folder that is new, empty, or written by an earlier run.';

const refused = (dir: string, reason: string, remedy = OTHERWISE): LangevinError =>
  usage(`cannot be written as a folder: ${reason}`, { where: dir, remedy });

async function isMountPoint(target: string): Promise<boolean> {
  const [here, above] = await Promise.all(
    [target, dirname(target)].map(path => stat(path).catch(() => undefined)),
  );
  return here !== undefined && above !== undefined && here.dev !== above.dev;
}

/**
 * Finishes what an earlier writer began: restores a folder that was moved aside, or keeps the entries that
 * are not ours and removes it. If that name holds something other than a folder, it is removed; a link is not
 * followed.
 */
async function settle(target: string): Promise<void> {
  const { aside } = siblings(target);
  if (!(await isOwnFolder(aside))) {
    if (await entryAt(aside)) await rm(aside, { force: true });
    return;
  }
  if (!(await isFolder(target))) return rename(aside, target);
  const present = new Set(await readdir(target));
  for (const entry of await readdir(aside))
    if (!present.has(entry)) await rename(join(aside, entry), join(target, entry));
  await rm(aside, { recursive: true, force: true });
}
