import { blocks, type Numbers, type Table, width } from './table.ts';

/**
 * A 53-bit hash of each of these rows (in rising order), made from the values as float64. So it does not
 * depend on the name, format or order of the file, or on the other rows. Among a million different rows, some
 * two share a hash with probability 6e-5.
 */
export function rowHashes(table: Table<Numbers>, rows: Uint32Array): Float64Array {
  const size = width(table);
  const row = new Float64Array(size);
  const words = new Uint32Array(row.buffer);
  const hashes = new Float64Array(rows.length);
  let next = 0;
  for (const { values, first } of blocks(table)) {
    const end = first + values.length / size;
    for (; next < rows.length && rows[next]! < end; next++) {
      const from = (rows[next]! - first) * size;
      // Adding 0 turns −0 into 0, which other writers write.
      for (let d = 0; d < size; d++) row[d] = values[from + d]! + 0;
      hashes[next] = hashOf(words);
    }
  }
  return hashes;
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

/** Which rows of some data were used in a training. */
export interface Overlap {
  /** Positions of the rows that were not trained on. */
  readonly others: Uint32Array;
  /** Number of rows that were trained on. */
  readonly trained: number;
  /** Whether the data contain every row trained on. */
  readonly whole: boolean;
}

/** Largest share of repeated training rows at which a row's values still identify it. */
const MOST_REPEATED = 0.01;

/**
 * Separates rows trained on from others. Each row trained on counts once. Training rows can repeat each
 * other, for example when a row is a few whole numbers. Equal rows then prove nothing and count as others,
 * unless the data contain all rows of the training.
 */
export function overlapOf(hashes: Float64Array, trained: Float64Array): Overlap {
  const counts = new Map<number, number>();
  for (const hash of trained) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  const repeatedShare = 1 - counts.size / trained.length;
  const others: number[] = [];
  for (let place = 0; place < hashes.length; place++) {
    const count = counts.get(hashes[place]!) ?? 0;
    if (count > 0) counts.set(hashes[place]!, count - 1);
    else others.push(place);
  }
  const common = hashes.length - others.length;
  const whole = common === trained.length;
  if (whole || repeatedShare <= MOST_REPEATED)
    return { others: Uint32Array.from(others), trained: common, whole };
  return { others: Uint32Array.from(hashes.keys()), trained: 0, whole };
}
