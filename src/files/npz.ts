import { Inflate, zipSync } from 'fflate';
import { failure, unknownName } from '../errors.ts';
import { joinBytes } from './bytes.ts';
import { type NpyForm, npyForm, readNpy, writeNpy } from './npy.ts';
import type { FileArray } from './numbers.ts';
import type { OpenFile } from './open-file.ts';
import {
  checkPlace,
  contentStart,
  damagedZip,
  locateDirectory,
  locateFar,
  parseDirectory,
  unpacked,
  ZIP_FAR,
  ZIP_LOCAL,
  ZIP_TAIL,
  type ZipEntry,
} from './zip-directory.ts';

/** Limits on the contents of an archive, checked in its directory before anything is inflated. */
export interface NpzLimits {
  /** default 1,000 */
  readonly maxEntries?: number;
  /** Most inflated bytes of all arrays read together; default 1 GiB, or the archive's own size if larger. */
  readonly maxBytes?: number;
}

/** Where an archive is read from: an open file, or bytes in memory. */
export type NpzSource = Pick<OpenFile, 'size' | 'read'>;

/** An archive of which only the directory was read. */
export interface Npz {
  /** The arrays by name, in their order in the archive. */
  readonly names: readonly string[];
  /** The other members. */
  readonly strays: readonly string[];
  /** Type and shape of an array, from its first bytes. */
  form(name: string): NpyForm;
  /** The content of an array's `.npy`. Only this one is inflated. */
  content(name: string): Uint8Array;
}

/**
 * Bytes of an entry that contain its array's header. NumPy writes 128, or a few thousand for long records.
 */
const HEAD = 2 ** 14;

/** Bytes in memory as the source of an archive. */
export const inMemory = (bytes: Uint8Array): NpzSource => ({
  size: bytes.length,
  read: (from, to) => bytes.subarray(from, to),
});

/** The source, with every read checked: a directory may point anywhere. */
const within = ({ size, read }: NpzSource, where: string): NpzSource => ({
  size,
  read: (from, to) => {
    if (Number.isSafeInteger(to) && from >= 0 && from <= to && to <= size) return read(from, to);
    throw damagedZip(where, `it points to bytes ${from} to ${to} of ${size}`);
  },
});

/**
 * Opens NumPy's `.npz`: a zip of `.npy` arrays, stored or deflated. Members that are not arrays (texts, the
 * extra files that macOS adds) are strays.
 * @throws failure naming `where` for a damaged directory, or one over the limits; and when reading an array
 * that is damaged (checksums are compared) or too large
 */
export function openNpz(source: NpzSource, where: string, limits: NpzLimits = {}): Npz {
  const file = within(source, where);
  const { maxEntries = 1_000, maxBytes = Math.max(2 ** 30, source.size) } = limits;
  const entries = directoryOf(file, where, maxEntries);
  const arrays = new Map<string, ZipEntry>();
  for (const [path, entry] of entries)
    if (isArray(path, entries)) arrays.set(path.replace(/\.npy$/, ''), entry);
  const entryOf = (name: string) => {
    const entry = arrays.get(name);
    if (!entry) throw unknownName(`array in ${where}`, name, [...arrays.keys()]);
    return entry;
  };
  const bytesOf = (name: string, most: number) => {
    const entry = entryOf(name);
    const at = `${where}, "${name}"`;
    const start = contentStart(file.read(entry.begin, entry.begin + ZIP_LOCAL), entry, at);
    return { entry, at, packed: file.read(start, start + Math.min(most, entry.stored)) };
  };
  let total = 0;
  return {
    names: [...arrays.keys()],
    strays: [...entries.keys()].filter(path => !isArray(path, entries) && !path.endsWith('/')),
    form: name => {
      const { entry, at, packed } = bytesOf(name, HEAD);
      return npyForm(entry.deflated ? headOf(packed, at) : packed, at);
    },
    content: name => {
      total += entryOf(name).size;
      if (!(total <= maxBytes))
        throw failure('inflates to too much', {
          where,
          got: `${total} bytes`,
          expected: `at most ${maxBytes}`,
        });
      const { entry, at, packed } = bytesOf(name, Infinity);
      return unpacked(packed, entry, at);
    },
  };
}

/**
 * All arrays of an `.npz`, as a map from name to array. @throws failure as `openNpz`, and if it holds no
 * arrays
 */
export function readNpz(bytes: Uint8Array, where: string, limits: NpzLimits = {}): Map<string, FileArray> {
  const npz = openNpz(inMemory(bytes), where, limits);
  if (npz.names.length === 0) throw noArrays(npz, where);
  return new Map(npz.names.map(name => [name, readNpy(npz.content(name), `${where}, "${name}"`)]));
}

/** The error for an archive without arrays. */
export const noArrays = ({ strays }: Npz, where: string) =>
  failure('the archive holds no arrays', {
    where,
    ...(strays.length > 0 && { got: strays.join(', ') }),
    expected: 'members that end in .npy, as numpy.savez writes',
  });

/** Writes arrays as an uncompressed `.npz`, like `numpy.savez`. The bytes depend only on the arrays. */
export function writeNpz(
  arrays: Readonly<Record<string, { data: Float32Array | Float64Array; shape: readonly number[] }>>,
): Uint8Array {
  const files = Object.entries(arrays).map(([name, { data, shape }]) => [
    `${name}.npy`,
    writeNpy(data, shape),
  ]);
  return zipSync(Object.fromEntries(files), { level: 0, mtime: new Date(1980, 0, 1) });
}

/** macOS puts `._NAME`, mostly in a folder `__MACOSX`, next to each member of an archive that it makes. */
function isArray(path: string, entries: ReadonlyMap<string, ZipEntry>): boolean {
  const [, folder, forked] = /^(.*\/)?\._([^/]*)$/.exec(path) ?? [];
  const fork = forked !== undefined && entries.has(`${folder ?? ''}${forked}`);
  return path.endsWith('.npy') && !path.startsWith('__MACOSX/') && !fork;
}

function directoryOf(file: NpzSource, where: string, maxEntries: number): Map<string, ZipEntry> {
  const { far, ...near } = locateDirectory(file.read(Math.max(0, file.size - ZIP_TAIL), file.size), where);
  const place = far === undefined ? near : locateFar(file.read(far, far + ZIP_FAR), where);
  checkPlace(place, maxEntries, where);
  return parseDirectory(file.read(place.offset, place.offset + place.length), place, where);
}

/** The first bytes of a deflated entry, inflated; at most a thousand times as many. */
function headOf(packed: Uint8Array, where: string): Uint8Array {
  try {
    const pieces: Uint8Array[] = [];
    new Inflate(piece => pieces.push(piece)).push(packed);
    return joinBytes(pieces);
  } catch (error) {
    throw failure('a damaged array', { where, got: error instanceof Error ? error.message : String(error) });
  }
}
