import { closeSync, fstatSync, realpathSync, type Stats, statSync } from 'node:fs';
import { failure } from '../errors.ts';
import { errorCode } from './atomic.ts';
import { openRegularSync, readAt } from './regular.ts';

/**
 * A position in a file where the numbers are stored as they are in memory. An engine can read them there
 * instead of from `data`.
 */
export interface StoredAt {
  /** An absolute path, not a link. */
  readonly path: string;
  /** In bytes. */
  readonly offset: number;
  /** Identifies the file by name, size and time of change. */
  readonly file: string;
  /** Whether the file of that name is still the one that was read. */
  unchanged(): boolean;
}

/** A file that stays open as long as something can read it, so its contents stay the same. */
export interface OpenFile {
  readonly size: number;
  /** The bytes from `from` to before `to`; fewer if the file is shorter. */
  read(from: number, to: number): Uint8Array;
  /** A position in it, for code that opens files by name. */
  at(offset: number): StoredAt;
}

/** Closes files that can no longer be read by anyone. */
const unused = new FinalizationRegistry<number>(closeSync);

/** @throws failure, naming `where`, if there is no such file or it cannot be read, now or later */
export function openFile(name: string, where: string): OpenFile {
  try {
    const path = realpathSync(name);
    const handle = openRegularSync(path);
    const was = fstatSync(handle);
    const isSame = ({ ino, dev, size, mtimeMs }: Stats) =>
      ino === was.ino && dev === was.dev && size === was.size && mtimeMs === was.mtimeMs;
    const identity = JSON.stringify([path, was.ino, was.size, was.mtimeMs]);
    const unchanged = () => {
      const current = statSync(path, { throwIfNoEntry: false });
      return current !== undefined && isSame(current);
    };
    const file = Object.freeze({
      size: was.size,
      read(from: number, to: number) {
        const bytes = readAt(handle, from, Math.min(to, was.size) - from);
        if (isSame(fstatSync(handle))) return bytes;
        throw failure('changed while it was in use', { where, remedy: 'Open it again' });
      },
      at: (offset: number) => Object.freeze({ path, offset, file: identity, unchanged }),
    });
    unused.register(file, handle);
    return file;
  } catch (error) {
    throw failure('cannot be read', { where, got: errorCode(error) || String(error) });
  }
}
