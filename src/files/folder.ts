import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, parse, sep } from 'node:path';
import { type LangevinError, usage } from '../errors.ts';
import { errorCode, syncFolder, unwritable, writeSynced } from './atomic.ts';
import { entryAt, isFolder, isOwnFolder, placeOf, siblings } from './siblings.ts';

export type FolderFiles = Readonly<Record<string, Uint8Array | string>>;

/**
 * Replaces the files of a folder all at once. They are written to a sibling folder and synced; the folder
 * that was there is moved aside, the new one takes its name, the old one is removed. Other entries that a
 * user put into the folder are kept. A link is followed, and stays. Parents are made as needed. One writer at
 * a time; readers go through `readFolder`.
 * @throws usage if the folder is not one of ours (it holds other things and none of these names) or holds the
 *   working directory; failure if it cannot be written. What was there before is then still there, whole.
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
 * folder with other people's things in it, the working directory or one that holds it, and a mount point,
 * which no other folder can replace.
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
 * Finishes what an earlier writer began: brings a folder moved aside back, or keeps its strangers and removes
 * it. What is no folder under that name is nobody's: it is removed, and a link is not followed.
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
