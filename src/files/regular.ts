import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';

/** The file may have become a pipe since it was checked. Opening it must not wait for a writer. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * An error like the system's, with a code and a message. Pipes and devices may never end, or block on
 * opening.
 */
function requireFile(entry: Stats, most: number): void {
  const what = entry.isDirectory() ? 'a folder' : 'a pipe or a device';
  const fault = (code: string, message: string) => Object.assign(new Error(message), { code });
  if (!entry.isFile())
    throw fault(entry.isDirectory() ? 'EISDIR' : 'ENOTFILE', `it is ${what}, not a regular file`);
  if (entry.size > most) throw fault('EFBIG', `it has ${entry.size} bytes, and at most ${most} are read`);
}

/**
 * Opens a regular file for reading. A pipe, a device or a folder is refused before it is opened.
 * @throws the system's error, or one like it
 */
export function openRegularSync(path: string, most = Infinity): number {
  requireFile(statSync(path), most);
  const handle = openSync(path, READ);
  try {
    requireFile(fstatSync(handle), most);
    return handle;
  } catch (error) {
    closeSync(handle);
    throw error;
  }
}

/** {@link openRegularSync}, without waiting. */
export async function openRegular(path: string, most = Infinity): Promise<FileHandle> {
  requireFile(await stat(path), most);
  const handle = await open(path, READ);
  try {
    requireFile(await handle.stat(), most);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The bytes of a regular file, at most `most`. @throws as {@link openRegular} */
export async function readRegular(path: string, most = Infinity): Promise<Buffer<ArrayBuffer>> {
  const handle = await openRegular(path, most);
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** The text of a small regular file, read synchronously. @throws as {@link openRegular} */
export function readRegularSync(path: string, most: number): string {
  const handle = openRegularSync(path, most);
  try {
    return readFileSync(handle, 'utf8');
  } finally {
    closeSync(handle);
  }
}

/** The system reads no more at once. */
const MOST_AT_ONCE = 2 ** 30;

/** A copy of the bytes of an open file from `at` on; shorter than `length` only at the end of the file. */
export function readAt(handle: number, at: number, length: number): Uint8Array {
  const bytes: Uint8Array = Buffer.allocUnsafeSlow(length);
  let end = 0;
  for (let count = 1; count > 0 && end < length; end += count)
    count = readSync(handle, bytes, end, Math.min(length - end, MOST_AT_ONCE), at + end);
  return bytes.subarray(0, end);
}
