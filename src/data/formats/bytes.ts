import { failure } from '../../errors.ts';
import { readRegular } from '../../files/disk.ts';
import { inflateGzip } from '../../files/index.ts';
import { MOST_INFLATED, withoutGz } from './names.ts';

/** The bytes of a file, decompressed if its name ends in `.gz`, at most `most` bytes (default 1 GiB). */
export async function contentOf(path: string, most = MOST_INFLATED): Promise<Uint8Array> {
  const bytes = await bytesOf(path);
  return withoutGz(path) === path ? bytes : inflateGzip(bytes, path, most);
}

/** The bytes of a file, unchanged. */
export const bytesOf = (path: string): Promise<Uint8Array> =>
  readRegular(path).catch((error: Error) => {
    throw failure('cannot be read', { where: path, got: error.message });
  });
