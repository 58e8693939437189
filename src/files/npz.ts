import { crc32 } from 'node:zlib';
import { type UnzipFileInfo, unzipSync, zipSync } from 'fflate';
import { failure, type LangevinError } from '../errors.ts';
import { readNpy, writeNpy } from './npy.ts';
import type { FileArray } from './numbers.ts';

/** How much an archive may hold: looked up in its directory, before anything is inflated. */
export interface NpzLimits {
  /** default 1,000 */
  readonly maxEntries?: number;
  /** bytes of all arrays together, inflated; default 4 GiB */
  readonly maxBytes?: number;
}

/**
 * Reads NumPy's `.npz`: a zip of `.npy` arrays, stored or deflated, as a map from name to array.
 * @throws failure naming `where`, and the array, if the archive is damaged (checksums are compared) or past its limits
 */
export function readNpz(bytes: Uint8Array, where: string, limits: NpzLimits = {}): Map<string, FileArray> {
  const checksums = new Map<string, number>();
  const entries = inflate(bytes, where, admit(where, limits, readDirectory(bytes, where), checksums));
  const arrays = new Map<string, FileArray>();
  for (const [file, content] of Object.entries(entries)) {
    const name = file.replace(/\.npy$/, '');
    if (crc32(content) !== checksums.get(file))
      throw failure('damaged: the checksum differs', { where: `${where}, "${name}"` });
    arrays.set(name, readNpy(content, `${where}, "${name}"`));
  }
  if (arrays.size === 0) throw failure('the archive holds no arrays', { where });
  return arrays;
}

/** Writes arrays as an uncompressed `.npz`, as `numpy.savez` does. The bytes depend on nothing but the arrays. */
export function writeNpz(
  arrays: Readonly<Record<string, { data: Float32Array | Float64Array; shape: readonly number[] }>>,
): Uint8Array {
  const files = Object.entries(arrays).map(([name, { data, shape }]) => [
    `${name}.npy`,
    writeNpy(data, shape),
  ]);
  return zipSync(Object.fromEntries(files), { level: 0, mtime: new Date(1980, 0, 1) });
}

interface Listed {
  readonly name: string;
  readonly checksum: number;
}

/** The filter that sees each entry of the directory before it is inflated, and the sums of what it has let through. */
function admit(where: string, limits: NpzLimits, listed: readonly Listed[], checksums: Map<string, number>) {
  const { maxEntries = 1_000, maxBytes = 4 * 2 ** 30 } = limits;
  let entries = 0;
  let total = 0;
  return ({ name, originalSize, size, compression }: UnzipFileInfo): boolean => {
    const entry = listed[entries++];
    if (entries > maxEntries) throw failure('too many entries', { where, expected: `at most ${maxEntries}` });
    if (entry?.name !== name || checksums.has(name))
      throw damaged(where, `a name twice or astray: "${name}"`);
    total += originalSize;
    if (!(total <= maxBytes))
      throw failure('inflates to too much', {
        where,
        got: `${total} bytes`,
        expected: `at most ${maxBytes}`,
      });
    // Deflate cannot shrink by more than a factor of 1,032: a directory that promises more is lying.
    const plausible = compression === 0 ? originalSize === size : originalSize <= 1_032 * size + 64;
    if (size > total + 2 ** 20 || !plausible) throw damaged(where, `the sizes of "${name}" cannot be true`);
    checksums.set(name, entry.checksum);
    return true;
  };
}

function inflate(bytes: Uint8Array, where: string, filter: (file: UnzipFileInfo) => boolean) {
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof Error && error.name === 'LangevinError') throw error;
    throw damaged(where, error instanceof Error ? error.message : String(error));
  }
}

const damaged = (where: string, got: string): LangevinError =>
  failure('not a whole zip archive', { where, got, remedy: 'Fetch or write the file again.' });

/** The names and checksums of the central directory, which the inflating library does not hand out. */
function readDirectory(bytes: Uint8Array, where: string): Listed[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50 && bytes.length - end < 65_558) end--;
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) throw damaged(where, 'no directory at the end');
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const listed: Listed[] = [];
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) throw damaged(where, 'a broken directory');
    const [name, extra, comment] = [28, 30, 32].map(offset => view.getUint16(at + offset, true));
    const text = Buffer.from(bytes.subarray(at + 46, at + 46 + name!)).toString('utf8');
    listed.push({ name: text, checksum: view.getUint32(at + 16, true) });
    at += 46 + name! + extra! + comment!;
  }
  return listed;
}
