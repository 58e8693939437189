import { crc32 } from 'node:zlib';
import { inflateSync } from 'fflate';
import { failure, type LangevinError } from '../errors.ts';
import type { ByteSource } from './source.ts';

export interface ZipEntry {
  readonly name: string;
  /** Bytes once inflated. */
  readonly size: number;
  /** Bytes in the archive. */
  readonly stored: number;
  readonly deflated: boolean;
  readonly checksum: number;
  /** Where its local header begins, and where whatever comes next begins. */
  readonly begin: number;
  readonly next: number;
}

const MAX_ENTRIES = 200_000;
const MAX_DIRECTORY = 64 * 2 ** 20;
/** Weights are stored, not deflated; what is deflated all the same may be this long. */
const MAX_INFLATED = 256 * 2 ** 20;

const damaged = (where: string, got: string): LangevinError =>
  failure('not a whole zip archive', { where, got, remedy: 'Fetch or write the file again.' });

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * The directory of a zip archive, also one past 4 GiB (zip64), by name. Only the directory is read. Refused are names that
 * come twice, entries that overlap, that are encrypted or packed by anything but deflate, and sizes that cannot be true.
 */
export async function readDirectory(source: ByteSource): Promise<Map<string, ZipEntry>> {
  const { where } = source;
  const { count, offset, length } = await findDirectory(source);
  if (count > MAX_ENTRIES || length > MAX_DIRECTORY)
    throw failure('too many entries', { where, got: count, expected: `at most ${MAX_ENTRIES}` });
  const directory = await source.read(offset, length);
  const entries: Omit<ZipEntry, 'next'>[] = [];
  for (let at = 0; entries.length < count; ) {
    const { entry, end } = parseEntry(directory, at, where);
    entries.push(entry);
    at = end;
  }
  entries.sort((a, b) => a.begin - b.begin);
  const found = new Map<string, ZipEntry>();
  entries.forEach((entry, i) => {
    const next = entries[i + 1]?.begin ?? offset;
    if (found.has(entry.name)) throw damaged(where, `the name "${entry.name}" twice`);
    if (entry.begin + 30 + entry.stored > next) throw damaged(where, `"${entry.name}" overlaps what follows`);
    found.set(entry.name, { ...entry, next });
  });
  return found;
}

async function findDirectory(source: ByteSource) {
  const tail = await source.read(Math.max(0, source.size - 65_577), Math.min(source.size, 65_577));
  const view = viewOf(tail);
  let end = tail.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw damaged(source.where, 'no directory at the end');
  const near = {
    count: view.getUint16(end + 10, true),
    length: view.getUint32(end + 12, true),
    offset: view.getUint32(end + 16, true),
  };
  const far = end >= 20 && view.getUint32(end - 20, true) === 0x07064b50;
  if (!far) return near;
  const record = viewOf(await source.read(Number(view.getBigUint64(end - 12, true)), 56));
  if (record.getUint32(0, true) !== 0x06064b50) throw damaged(source.where, 'a broken zip64 record');
  const [count, length, offset] = [32, 40, 48].map(at => Number(record.getBigUint64(at, true)));
  return { count: count!, length: length!, offset: offset! };
}

function parseEntry(directory: Uint8Array, at: number, where: string) {
  const view = viewOf(directory);
  if (at + 46 > directory.length || view.getUint32(at, true) !== 0x02014b50)
    throw damaged(where, 'a broken directory');
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map(place =>
    view.getUint16(at + place, true),
  );
  const extraAt = at + 46 + nameLength!;
  const end = extraAt + extraLength! + commentLength!;
  if (end > directory.length) throw damaged(where, 'a broken directory');
  const name = Buffer.from(directory.subarray(at + 46, extraAt)).toString('utf8');
  const short = [24, 20, 42].map(place => view.getUint32(at + place, true));
  const [size, stored, begin] = widened(short, directory.subarray(extraAt, extraAt + extraLength!), () =>
    damaged(where, `the sizes of "${name}" are missing`),
  );
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  if (flags & 1) throw damaged(where, `"${name}" is encrypted`);
  if (method !== 0 && method !== 8) throw damaged(where, `"${name}" is packed by method ${method}`);
  // Deflate cannot shrink by more than a factor of 1,032: a directory that promises more is lying.
  const plausible = method === 0 ? size === stored : size! <= 1_032 * stored! + 64;
  if (!plausible) throw damaged(where, `the sizes of "${name}" cannot be true`);
  const checksum = view.getUint32(at + 16, true);
  return {
    entry: { name, size: size!, stored: stored!, deflated: method === 8, checksum, begin: begin! },
    end,
  };
}

/** Numbers that do not fit 32 bits stand in the extra field 1, eight bytes each, in order. */
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

/** The content of an entry, its checksum compared. */
export async function readEntry(source: ByteSource, entry: ZipEntry): Promise<Uint8Array> {
  const where = `${source.where}, "${entry.name}"`;
  const local = viewOf(await source.read(entry.begin, 30));
  if (local.getUint32(0, true) !== 0x04034b50) throw damaged(where, 'no header where the directory says');
  const start = entry.begin + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  if (start + entry.stored > entry.next) throw damaged(where, 'it overlaps what follows');
  if (entry.deflated && entry.size > MAX_INFLATED)
    throw failure('inflates to too much', {
      where,
      got: `${entry.size} bytes`,
      expected: `at most ${MAX_INFLATED}`,
    });
  const packed = await source.read(start, entry.stored);
  const content = entry.deflated ? inflated(packed, entry.size, where) : packed;
  if (crc32(content) !== entry.checksum)
    throw failure('damaged: the checksum differs', { where, remedy: 'Fetch or write the file again.' });
  return content;
}

function inflated(packed: Uint8Array, size: number, where: string): Uint8Array {
  try {
    const content = inflateSync(packed, { out: new Uint8Array(size) });
    if (content.length === size) return content;
  } catch (error) {
    throw damaged(where, error instanceof Error ? error.message : String(error));
  }
  throw damaged(where, `not the ${size} bytes that the directory promises`);
}
