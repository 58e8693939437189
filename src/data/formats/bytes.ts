import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { failure } from '../../errors.ts';

/** The name of a file without the ending of its compression. */
export const withoutGz = (path: string): string => path.replace(/\.gz$/i, '');

/** The bytes of a file, inflated where its name ends in `.gz`, to `most` bytes at most (default 1 GiB). */
export async function contentOf(path: string, most = 2 ** 30): Promise<Uint8Array> {
  const bytes = await bytesOf(path);
  return withoutGz(path) === path ? bytes : inflate(bytes, path, most);
}

/** The bytes of a file as they are. */
export const bytesOf = (path: string): Promise<Uint8Array> =>
  readFile(path).catch((error: Error) => {
    throw failure('cannot be read', { where: path, got: error.message });
  });

async function inflate(bytes: Uint8Array, where: string, maxOutputLength: number): Promise<Uint8Array> {
  return promisify(gunzip)(bytes, { maxOutputLength }).catch((error: Error & { code?: string }) => {
    if (error.code === 'ERR_BUFFER_TOO_LARGE')
      throw failure('inflates to too much', { where, expected: `at most ${maxOutputLength} bytes` });
    throw failure('not a whole gzip file', { where, got: error.message });
  });
}
