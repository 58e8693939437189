import { failure } from '../errors.ts';
import {
  checkPlace,
  contentStart,
  locateDirectory,
  locateFar,
  parseDirectory,
  unpacked,
  ZIP_FAR,
  ZIP_LOCAL,
  ZIP_TAIL,
  type ZipEntry,
} from '../files/zip-directory.ts';
import type { ByteSource } from './source.ts';

const MAX_ENTRIES = 200_000;
/** Weights are stored and not deflated. An entry that is deflated may have at most this size in bytes. */
const MAX_INFLATED = 256 * 2 ** 20;

/** The entries of a zip archive by name. It reads only the directory, and supports zip64 (over 4 GiB). */
export async function readDirectory(source: ByteSource): Promise<Map<string, ZipEntry>> {
  const { where, size } = source;
  const tail = await source.read(Math.max(0, size - ZIP_TAIL), Math.min(size, ZIP_TAIL));
  const { far, ...near } = locateDirectory(tail, where);
  const place = far === undefined ? near : locateFar(await source.read(far, ZIP_FAR), where);
  checkPlace(place, MAX_ENTRIES, where);
  return parseDirectory(await source.read(place.offset, place.length), place, where);
}

/** The content of an entry, with its checksum checked. */
export async function readEntry(source: ByteSource, entry: ZipEntry): Promise<Uint8Array> {
  const where = `${source.where}, "${entry.name}"`;
  const start = contentStart(await source.read(entry.begin, ZIP_LOCAL), entry, where);
  if (entry.deflated && entry.size > MAX_INFLATED)
    throw failure('inflates to too much', {
      where,
      got: `${entry.size} bytes`,
      expected: `at most ${MAX_INFLATED}`,
    });
  return unpacked(await source.read(start, entry.stored), entry, where);
}
