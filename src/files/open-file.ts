import { closeSync, fstatSync, readSync, realpathSync, type Stats, statSync } from 'node:fs';
import { failure } from '../errors.ts';
import { errorCode } from './atomic.ts';
import { openRegularSync } from './regular.ts';

/**
 * A position in a file whose numbers have the memory layout. An engine can read them there instead of from
 * `data`.
 */
export interface StoredAt {
  /** Absolute, and no link. */
  readonly path: string;
  /** In bytes. */
  readonly offset: number;
  /** The file by name, size and time of change. */
  readonly file: string;
  /** Whether the file of that name is still the one that was read. */
  unchanged(): boolean;
}

/** A file that stays open, and so the same, for as long as something can read it. */
export interface OpenFile {
  readonly size: number;
  /** The bytes from `from` to before `to`, fewer where the file is shorter. */
  read(from: number, to: number): Uint8Array;
  /** A place in it, for those who open files by name. */
  at(offset: number): StoredAt;
}

/** Closes files that nobody can read any more. */
const unused = new FinalizationRegistry<number>(closeSync);

/** @throws failure, naming `where`, if there is no such file or it cannot be read, now or later */
export function openFile(name: string, where: string): OpenFile {
  try {
    const path = realpathSync(name);
    const handle = openRegularSync(path);
    const was = fstatSync(handle);
    const same = ({ ino, dev, size, mtimeMs }: Stats) =>
      ino === was.ino && dev === was.dev && size === was.size && mtimeMs === was.mtimeMs;
    const known = JSON.stringify([path, was.ino, was.size, was.mtimeMs]);
    const unchanged = () => {
      const found = statSync(path, { throwIfNoEntry: false });
      return found !== undefined && same(found);
    };
    const file = Object.freeze({
      size: was.size,
      read(from: number, to: number) {
        const bytes = bytesOf(handle, from, Math.min(to, was.size));
        if (same(fstatSync(handle))) return bytes;
        throw failure('changed while it was in use', { where, remedy: 'Open it again' });
      },
      at: (offset: number) => Object.freeze({ path, offset, file: known, unchanged }),
    });
    unused.register(file, handle);
    return file;
  } catch (error) {
    throw failure('cannot be read', { where, got: errorCode(error) || String(error) });
  }
}

/** Fewer where the file was cut short since. */
function bytesOf(handle: number, from: number, to: number): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(to - from);
  let at = 0;
  for (let count = 1; count > 0 && at < bytes.length; at += count)
    count = readSync(handle, bytes, at, bytes.length - at, from + at);
  return bytes;
}
