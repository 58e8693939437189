import type { Stats } from 'node:fs';
import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

const MOST_LINKS = 40;

export const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() ?? false;

/** The entry itself, without following a link; undefined if there is no entry. */
export const entryAt = (path: string): Promise<Stats | undefined> => lstat(path).catch(() => undefined);

/** Whether the path is a folder and not a link to a folder. */
export const isOwnFolder = async (path: string): Promise<boolean> =>
  (await entryAt(path))?.isDirectory() ?? false;

/** The place that a path stands for. Links are followed, also a link whose target does not exist yet. */
export async function placeOf(path: string, links = MOST_LINKS): Promise<string> {
  const absolute = resolve(path);
  const real = await realpath(absolute).catch(() => undefined);
  if (real !== undefined) return real;
  // An open pipe has no name, but a link in /dev leads to it.
  if (await stat(absolute).catch(() => undefined)) return absolute;
  if (links > 0 && (await entryAt(absolute))?.isSymbolicLink())
    return placeOf(resolve(dirname(absolute), await readlink(absolute)), links - 1);
  const parent = dirname(absolute);
  return parent === absolute ? absolute : join(await placeOf(parent, links), basename(absolute));
}

/** A folder's two siblings during its replacement: the new one being written, and the old one moved aside. */
export function siblings(dir: string): { readonly fresh: string; readonly aside: string } {
  const stem = join(dirname(dir), `.${basename(dir)}`);
  return { fresh: `${stem}.new.tmp`, aside: `${stem}.old.tmp` };
}
