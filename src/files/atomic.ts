import { constants } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { failure } from '../errors.ts';
import { placeOf } from './siblings.ts';
import { removeAbandoned, temporaryFor } from './temporary.ts';

const AT_ONCE = constants.O_WRONLY | (constants.O_NONBLOCK ?? 0);

/** What the system says when a path cannot be written, in words. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission is denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is spent',
  ENAMETOOLONG: 'its name is too long',
  EXDEV: 'it lies on another disk than its folder',
  EBUSY: 'it is in use or a mount point',
  ENXIO: 'it is a pipe or a device that nobody reads',
};

/** The `code` of a system error (`'ENOENT'`), or an empty string. */
export const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

/** Why the system cannot write, in words. */
export const writeFault = (error: unknown): string =>
  REASONS[errorCode(error)] ?? (error instanceof Error ? error.message : String(error));

/** A failure for a path that cannot be written. It says why and what to do. */
export function unwritable(path: string, error: unknown) {
  return failure(`cannot write: ${writeFault(error)}`, {
    where: path,
    remedy: 'Choose another place for the output, or mend this one; nothing was written.',
  });
}

/** Writes a new file and waits until its bytes are on the disk. The file must not exist. */
export async function writeSynced(path: string, bytes: Uint8Array | string, mode = 0o666): Promise<void> {
  const handle = await open(path, 'wx', mode);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Waits until a folder's entries are on the disk. Does nothing if folders cannot be synced (Windows). */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/**
 * Writes a file so that a reader, or a machine that loses power, sees either the old contents or the new,
 * never a part. The bytes go to a temporary name in the same folder, are synced, and take the final name by
 * one rename. A link is followed, and the permissions of an existing file are kept. A device, or a pipe with
 * a reader, is written to directly. Temporary files left by killed writers of the same target are removed.
 * @throws failure, naming the path and the reason, if it cannot be written. Nothing is left behind.
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array | string): Promise<void> {
  const target = await placeOf(path).catch(() => resolve(path));
  const temporary = temporaryFor(target);
  try {
    const existing = await stat(target).catch(() => undefined);
    if (existing?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    if (existing && !existing.isFile()) return await writeThrough(target, bytes);
    await removeAbandoned(target);
    await writeSynced(temporary, bytes, existing?.mode);
    await rename(temporary, target);
    await syncFolder(dirname(target));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw unwritable(path, error);
  }
}

async function writeThrough(path: string, bytes: Uint8Array | string): Promise<void> {
  // Opening a pipe waits for a reader; this open fails if there is none. While it stays open, it keeps the
  // reader there.
  const probe = await open(path, AT_ONCE);
  const handle = await open(path, 'w').finally(() => probe.close());
  try {
    await handle.writeFile(bytes);
  } finally {
    await handle.close();
  }
}
