import { closeSync, fstatSync } from 'node:fs';
import { failure } from '../../errors.ts';
import { openRegularSync, readAt } from '../../files/disk.ts';
import type { NumberArray } from '../../files/index.ts';
import type { Numbers } from '../table.ts';

/** The layout of the numbers in a file: `count` numbers of `size` bytes each from byte `start` on. */
export interface Layout {
  readonly start: number;
  readonly size: number;
  readonly count: number;
  /** Decodes any part of the bytes to values; `first` is the index of the first value, for errors. */
  decode(bytes: Uint8Array, first?: number): NumberArray;
  readonly known?: 'bytes';
}

/** A file that is open for reading at any position. */
export interface OpenFile {
  readonly path: string;
  readonly length: number;
  /** A copy of the bytes from `at` on. It is shorter than `length` only at the end of the file. */
  read(at: number, length: number): Uint8Array;
  close(): void;
}

/**
 * Opens a file for positioned reads. They keep nothing in memory: the system caches the pages of the file.
 * @throws failure naming the file if it cannot be read
 */
export const openFile = (path: string): OpenFile =>
  openedFile(
    guarded(path, () => openRegularSync(path)),
    path,
  );

/** A file that is already open; `path` names it in errors. */
export const openedFile = (handle: number, path: string): OpenFile => ({
  path,
  length: guarded(path, () => fstatSync(handle).size),
  read: (at, length) => guarded(path, () => readAt(handle, at, length)),
  close: () => closeSync(handle),
});

function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw failure('cannot be read', {
      where: path,
      got: error instanceof Error ? error.message : String(error),
    });
  }
}

/** Exactly these bytes. @throws failure if the file no longer has them */
export function readWhole(file: OpenFile, at: number, length: number): Uint8Array {
  const bytes = file.read(at, length);
  if (bytes.length === length) return bytes;
  throw failure('the file was cut short while it was in use', {
    where: file.path,
    got: `${bytes.length} bytes at ${at}`,
    expected: `${length}`,
  });
}

/** The numbers of a file as the values of a table. Each part is read on demand. */
export const storedNumbers = (file: OpenFile, { start, size, count, decode, known }: Layout): Numbers => ({
  length: count,
  subarray: (from, to) => decode(readWhole(file, start + from * size, (to - from) * size)),
  close: file.close,
  ...(known && { known }),
});
