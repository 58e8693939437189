import { roundings } from './roundings.ts';
import { areBytes, blocks, type Numbers, type Table, width } from './table.ts';

/** Hashes by which rows are recognised in any file: 53-bit whole numbers, in the order of the rows. */
export interface RowHashes {
  /** `[N]`: of the values as float64. */
  readonly exact: Float64Array;
  /**
   * `[N]` each: of the values rounded to float32, and to 14 bits after the leading one (−1 for a row that
   * seven digits hold). They recognise a row that was saved with fewer digits. None for bytes, which no
   * rounding changes, and in older runs.
   */
  readonly rounded: readonly Float64Array[];
}

/** In place of the hash of a row that a rounding leaves as it is, so that its copies are equal to it. */
export const NO_HASH = -1;

/**
 * The hashes of these rows (in rising order). They do not depend on the name, format or order of the file, or
 * on the other rows. Among a million different rows, some two share a hash with probability 6e-5.
 */
export function rowHashes(table: Table<Numbers>, rows: Uint32Array): RowHashes {
  const used = areBytes(table) ? [] : roundings;
  const hasher = makeHasher(width(table));
  const exact = new Float64Array(rows.length);
  const rounded = used.map(() => new Float64Array(rows.length));
  eachRow(table, rows, (row, i) => {
    exact[i] = hasher.hash(row);
    for (const [k, { of, isCopy, alone }] of used.entries())
      rounded[k]![i] = !alone && row.every(isCopy) ? NO_HASH : hasher.hash(row, of);
  });
  return { exact, rounded };
}

/** Calls `see` with the values of each of these rows (in rising order). The array is used again. */
export function eachRow(
  table: Table<Numbers>,
  rows: Uint32Array,
  see: (row: Float64Array, i: number) => void,
): void {
  const size = width(table);
  const row = new Float64Array(size);
  let next = 0;
  for (const { values, first } of blocks(table)) {
    const end = first + values.length / size;
    for (; next < rows.length && rows[next]! < end; next++) {
      const from = (rows[next]! - first) * size;
      for (let d = 0; d < size; d++) row[d] = values[from + d]!;
      see(row, next);
    }
  }
}

/** Hashes rows of one width. */
export interface Hasher {
  /** The hash of the values, or of what `of` makes of each. */
  hash(row: Float64Array, of?: (x: number) => number): number;
}

/** A hasher for rows of this width. */
export function makeHasher(size: number): Hasher {
  const values = new Float64Array(size);
  const words = new Uint32Array(values.buffer);
  return {
    hash(row, of) {
      // Adding 0 turns −0 into 0, which other writers write.
      for (let d = 0; d < size; d++) values[d] = (of ? of(row[d]!) : row[d]!) + 0;
      return hashOf(words);
    },
  };
}

/**
 * Two 32-bit hashes of the words, mixed by MurmurHash3's finaliser and joined into a whole number below 2⁵³.
 */
function hashOf(words: Uint32Array): number {
  let [a, b] = [0x243f6a88, 0x85a308d3];
  for (let i = 0; i < words.length; i++) {
    a = mixed(Math.imul(a, 31) ^ words[i]!);
    b = mixed(Math.imul(b, 37) + words[i]!);
  }
  return (a >>> 0) * 2 ** 21 + (b >>> 11);
}

function mixed(word: number): number {
  let h = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
