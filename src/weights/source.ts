import { failure, usage } from '../errors.ts';
import { openRegular, readAt } from '../files/disk.ts';

/**
 * Bytes that can be read at any position, so that a file larger than memory is never in memory as a whole.
 */
export interface ByteSource {
  /** The name for errors. */
  readonly where: string;
  readonly size: number;
  /** @throws failure if not all of the bytes [offset, offset + length) exist */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Bytes in memory. */
export const bytesSource = (bytes: Uint8Array, where: string): ByteSource => ({
  where,
  size: bytes.length,
  read: async (offset, length) => {
    checkRange(where, bytes.length, offset, length);
    return bytes.subarray(offset, offset + length);
  },
});

/** Opens a file, passes it to `use` and closes it. */
export async function withFile<T>(path: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  const handle = await openRegular(path).catch((cause: NodeJS.ErrnoException) => {
    throw usage(cause.code === 'ENOENT' ? 'no such file' : 'cannot be read', {
      where: path,
      ...(cause.code !== 'ENOENT' && { got: cause.message }),
    });
  });
  try {
    const entry = await handle.stat();
    const read = async (offset: number, length: number) => {
      checkRange(path, entry.size, offset, length);
      const bytes = readAt(handle.fd, offset, length);
      if (bytes.length === length) return bytes;
      throw failure('the file became shorter while it was read', { where: path });
    };
    return await use({ where: path, size: entry.size, read });
  } finally {
    await handle.close();
  }
}

function checkRange(where: string, size: number, offset: number, length: number): void {
  const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
  if (whole && offset + length <= size) return;
  throw failure('the file is cut short, or refers to bytes beyond its end', {
    where,
    got: `bytes ${offset} to ${offset + length}`,
    expected: `at most ${size}`,
  });
}
