import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { constants, copyFile, link, mkdir, rename, rm, rmdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { usage } from '../errors.ts';
import { errorCode, unwritable, writeSynced } from './atomic.ts';
import { parseJson } from './json.ts';
import { readRegular, readRegularSync } from './regular.ts';
import { placeOf } from './siblings.ts';

/** The longest lock file. A longer file is not a lock. */
const LONGEST = 2 ** 14;

/** A folder that no other writer can take until it is released. */
export interface FolderLock {
  release(): Promise<void>;
}

interface Owner {
  readonly host: string;
  readonly pid: number;
  /** When that process began, if the system tells. Another process may have its number now. */
  readonly began: string;
  readonly token: string;
}

/**
 * Takes a folder for this writer, by a file `.NAME.lock` next to it that names the writer. Missing parent
 * folders are created. The file of a process that no longer runs on this machine is ignored.
 * @throws usage if another writer has it; failure if nothing can be written there
 */
export async function lockFolder(dir: string): Promise<FolderLock> {
  const target = await placeOf(dir);
  const path = join(dirname(target), `.${basename(target)}.lock`);
  const owner = { host: hostname(), pid: process.pid, began: beganOf(process.pid), token: randomUUID() };
  let topCreated: string | undefined;
  try {
    topCreated = await mkdir(dirname(target), { recursive: true }).catch(error => {
      // A file is where a folder should be.
      throw errorCode(error) === 'EEXIST' ? Object.assign(new Error(), { code: 'ENOTDIR' }) : error;
    });
    while (!(await claim(path, owner))) {
      const other = await ownerAt(path);
      if (other && isAlive(other)) throw folderInUse(dir, path, other);
      await clear(path, other);
    }
  } catch (error) {
    throw errorCode(error) === '' ? error : unwritable(dir, error);
  }
  const removeAtExit = () => removeOwn(path, owner);
  process.on('exit', removeAtExit);
  return {
    async release() {
      process.off('exit', removeAtExit);
      removeOwn(path, owner);
      if (topCreated !== undefined) await removeEmpty(dirname(target), topCreated);
    },
  };
}

/**
 * Removes a folder and its parents up to `last` while they are empty, so that nothing is left if nothing was
 * written.
 */
async function removeEmpty(path: string, last: string): Promise<void> {
  const gone = await rmdir(path).then(
    () => true,
    () => false,
  );
  if (gone && path !== last && path !== dirname(path)) await removeEmpty(dirname(path), last);
}

/** Writes the whole file; false if a file of that name exists. */
async function claim(path: string, owner: Owner): Promise<boolean> {
  const ownFile = `${path}.${owner.token}`;
  await writeSynced(ownFile, JSON.stringify(owner));
  try {
    // Some file systems have no links.
    await link(ownFile, path).catch((error: unknown) => {
      if (errorCode(error) === 'EEXIST') throw error;
      return copyFile(ownFile, path, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(ownFile, { force: true });
  }
}

/** Who has the folder; undefined if nobody has it, or the file cannot be read. */
async function ownerAt(path: string): Promise<Owner | undefined> {
  try {
    return parseJson((await readRegular(path, LONGEST)).toString('utf8'), path) as Owner;
  } catch {
    return undefined;
  }
}

/**
 * Removes the lock file of an owner that no longer runs. Restores it if another process took the lock
 * meanwhile.
 */
async function clear(path: string, gone: Owner | undefined): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  const ownerAside = await ownerAt(aside);
  if (ownerAside?.token !== gone?.token) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

function removeOwn(path: string, { token }: Owner): void {
  try {
    if ((parseJson(readRegularSync(path, LONGEST), path) as Owner).token === token)
      rmSync(path, { force: true });
  } catch {
    // It is gone, or it belongs to another writer.
  }
}

function isAlive({ host, pid, began }: Owner): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
  return began === beganOf(pid);
}

/** The start time of a process, in ticks since boot; empty if the system does not report it. */
function beganOf(pid: number): string {
  try {
    const stat = readRegularSync(`/proc/${pid}/stat`, LONGEST);
    return stat.slice(stat.lastIndexOf(')')).split(' ')[20] ?? '';
  } catch {
    return '';
  }
}

const folderInUse = (dir: string, path: string, { host, pid }: Owner) =>
  usage('Another training writes into this folder', {
    where: dir,
    got: `process ${pid} on ${host}`,
    remedy: `Name another folder, or wait until it ends. If it certainly no longer runs, remove ${path}`,
  });
