import { inflateSync } from 'fflate';
import { failure, type LangevinError } from '../errors.ts';
import { crc32 } from './crc32.ts';

export interface ZipEntry {
  readonly name: string;
  /** Bytes after inflating. */
  readonly size: number;
  /** Bytes in the archive. */
  readonly stored: number;
  readonly deflated: boolean;
  readonly checksum: number;
  /** Where its local header begins, and where the next entry or the directory begins. */
  readonly begin: number;
  readonly next: number;
}

/** Where a directory is in the archive: the number of its entries, its offset and its length in bytes. */
export interface ZipPlace {
  readonly count: number;
  readonly offset: number;
  readonly length: number;
}

/** Bytes at the end of an archive that always contain its end record, even with the longest comment. */
export const ZIP_TAIL = 65_577;
/** Bytes of the record that holds numbers over 32 bits. */
export const ZIP_FAR = 56;
/** Bytes of the header in front of each entry, up to its name. */
export const ZIP_LOCAL = 30;

const MAX_DIRECTORY = 64 * 2 ** 20;

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export const damagedZip = (where: string, got: string): LangevinError =>
  failure('not a whole zip archive', { where, got, remedy: 'Fetch or write the file again.' });

/**
 * Where the directory is, from the last bytes of an archive. `far` is set for an archive over 4 GiB (zip64):
 * the offset of the record that holds these numbers.
 */
export function locateDirectory(tail: Uint8Array, where: string): ZipPlace & { readonly far?: number } {
  const view = viewOf(tail);
  let end = tail.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw damagedZip(where, 'no directory at the end');
  const near = {
    count: view.getUint16(end + 10, true),
    length: view.getUint32(end + 12, true),
    offset: view.getUint32(end + 16, true),
  };
  const wide = end >= 20 && view.getUint32(end - 20, true) === 0x07064b50;
  return wide ? { ...near, far: Number(view.getBigUint64(end - 12, true)) } : near;
}

/** The same, from the zip64 record of an archive over 4 GiB. */
export function locateFar(bytes: Uint8Array, where: string): ZipPlace {
  const record = viewOf(bytes);
  if (record.getUint32(0, true) !== 0x06064b50) throw damagedZip(where, 'a broken zip64 record');
  const [count, length, offset] = [32, 40, 48].map(at => Number(record.getBigUint64(at, true)));
  return { count: count!, length: length!, offset: offset! };
}

/** Refuses a directory too large to be read. */
export function checkPlace({ count, length }: ZipPlace, most: number, where: string): void {
  if (count > most || length > MAX_DIRECTORY)
    throw failure('too many entries', { where, got: count, expected: `at most ${most}` });
}

/**
 * The entries of a directory by name, in the order of their contents in the archive. Refuses repeated names,
 * entries that overlap, encrypted entries, packing other than deflate, and impossible sizes.
 */
export function parseDirectory(
  bytes: Uint8Array,
  { count, offset }: ZipPlace,
  where: string,
): Map<string, ZipEntry> {
  const entries: Omit<ZipEntry, 'next'>[] = [];
  for (let at = 0; entries.length < count; ) {
    const { entry, end } = parseEntry(bytes, at, where);
    entries.push(entry);
    at = end;
  }
  entries.sort((a, b) => a.begin - b.begin);
  const byName = new Map<string, ZipEntry>();
  entries.forEach((entry, i) => {
    const { name, begin, stored } = entry;
    const next = entries[i + 1]?.begin ?? offset;
    if (byName.has(name)) throw damagedZip(where, `the name "${name}" twice`);
    if (begin + ZIP_LOCAL + stored > next) throw damagedZip(where, `"${name}" overlaps what follows`);
    byName.set(name, { ...entry, next });
  });
  return byName;
}

function parseEntry(directory: Uint8Array, at: number, where: string) {
  const view = viewOf(directory);
  if (at + 46 > directory.length || view.getUint32(at, true) !== 0x02014b50)
    throw damagedZip(where, 'a broken directory');
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map(place =>
    view.getUint16(at + place, true),
  );
  const extraAt = at + 46 + nameLength!;
  const end = extraAt + extraLength! + commentLength!;
  if (end > directory.length) throw damagedZip(where, 'a broken directory');
  const name = new TextDecoder().decode(directory.subarray(at + 46, extraAt));
  const short = [24, 20, 42].map(place => view.getUint32(at + place, true));
  const [size, stored, begin] = widened(short, directory.subarray(extraAt, extraAt + extraLength!), () =>
    damagedZip(where, `the sizes of "${name}" are missing`),
  );
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  if (flags & 1) throw damagedZip(where, `"${name}" is encrypted`);
  if (method !== 0 && method !== 8) throw damagedZip(where, `"${name}" is packed by method ${method}`);
  // Deflate cannot shrink by more than a factor of 1,032: a directory that promises more is wrong.
  const plausible = method === 0 ? size === stored : size! <= 1_032 * stored! + 64;
  if (!plausible) throw damagedZip(where, `the sizes of "${name}" cannot be true`);
  const checksum = view.getUint32(at + 16, true);
  return {
    entry: { name, size: size!, stored: stored!, deflated: method === 8, checksum, begin: begin! },
    end,
  };
}

/** Numbers over 32 bits are in extra field 1, eight bytes each, in order. */
function widened(short: readonly number[], extra: Uint8Array, missing: () => LangevinError): number[] {
  if (!short.includes(0xffffffff)) return [...short];
  const view = viewOf(extra);
  let [at, left] = [0, 0];
  for (let field = 0; field + 4 <= extra.length; field += 4 + view.getUint16(field + 2, true))
    if (view.getUint16(field, true) === 1)
      [at, left] = [field + 4, Math.min(view.getUint16(field + 2, true), extra.length - field - 4)];
  return short.map(value => {
    if (value !== 0xffffffff) return value;
    if (left < 8) throw missing();
    const wide = Number(view.getBigUint64(at, true));
    [at, left] = [at + 8, left - 8];
    return wide;
  });
}

/** Where the content of an entry begins, from the header in front of it. */
export function contentStart(local: Uint8Array, entry: ZipEntry, where: string): number {
  const view = viewOf(local);
  if (local.length < ZIP_LOCAL || view.getUint32(0, true) !== 0x04034b50)
    throw damagedZip(where, 'no header where the directory says');
  const start = entry.begin + ZIP_LOCAL + view.getUint16(26, true) + view.getUint16(28, true);
  if (start + entry.stored > entry.next) throw damagedZip(where, 'it overlaps what follows');
  return start;
}

/**
 * The content of an entry from its bytes in the archive: inflated to its declared size, with its checksum
 * verified.
 */
export function unpacked(packed: Uint8Array, { deflated, size, checksum }: ZipEntry, where: string) {
  const content = deflated ? inflated(packed, size, where) : packed;
  if (crc32(content) !== checksum)
    throw failure('damaged: the checksum differs', { where, remedy: 'Fetch or write the file again.' });
  return content;
}

function inflated(packed: Uint8Array, size: number, where: string): Uint8Array {
  try {
    const content = inflateSync(packed, { out: new Uint8Array(size) });
    if (content.length === size) return content;
  } catch (error) {
    throw damagedZip(where, error instanceof Error ? error.message : String(error));
  }
  throw damagedZip(where, `not the ${size} bytes that the directory promises`);
}
