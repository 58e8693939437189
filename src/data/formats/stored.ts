import { closeSync, fstatSync, readSync } from 'node:fs';
import { failure } from '../../errors.ts';
import { type NumberArray, openRegularSync } from '../../files/index.ts';
import type { Numbers } from '../table.ts';

/** How the numbers of a file lie in it: `count` of `size` bytes each from byte `start` on. */
export interface Layout {
  readonly start: number;
  readonly size: number;
  readonly count: number;
  /** Values from their bytes, any stretch of them. */
  decode(bytes: Uint8Array): NumberArray;
  readonly known?: 'bytes';
}

/** A file open for reading at any place. */
export interface OpenFile {
  readonly path: string;
  readonly length: number;
  /** A copy of the bytes from `at` on; fewer than `length` only where the file ends. */
  read(at: number, length: number): Uint8Array;
  close(): void;
}

/**
 * Opens a file for positioned reads, which leave nothing in memory: the pages of a file are the system's to
 * keep.
 * @throws failure naming the file if it cannot be read
 */
export const openFile = (path: string): OpenFile =>
  openedFile(
    guarded(path, () => openRegularSync(path)),
    path,
  );

/** A file that is open already; `path` names it in errors. */
export const openedFile = (handle: number, path: string): OpenFile => ({
  path,
  length: guarded(path, () => fstatSync(handle).size),
  read: (at, length) => {
    const bytes = new Uint8Array(length);
    let done = 0;
    for (let got = -1; got !== 0 && done < length; done += got)
      got = guarded(path, () => readSync(handle, bytes, done, length - done, at + done));
    return bytes.subarray(0, done);
  },
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

/** Exactly these bytes. @throws failure if the file has lost them since it was opened */
export function readWhole(file: OpenFile, at: number, length: number): Uint8Array {
  const bytes = file.read(at, length);
  if (bytes.length === length) return bytes;
  throw failure('the file was cut short while it was in use', {
    where: file.path,
    got: `${bytes.length} bytes at ${at}`,
    expected: `${length}`,
  });
}

/** The numbers of a file as a table's values: each stretch is read when it is asked for. */
export const storedNumbers = (file: OpenFile, { start, size, count, decode, known }: Layout): Numbers => ({
  length: count,
  subarray: (from, to) => decode(readWhole(file, start + from * size, (to - from) * size)),
  close: file.close,
  ...(known && { known }),
});
