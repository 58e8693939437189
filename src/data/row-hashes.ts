import { blocks, type Numbers, type Table, width } from './table.ts';

/**
 * A hash of 53 bits for each of these rows (rising): of its values as float64, so that it depends neither on the path, the format or
 * the order of a file, nor on the rows beside it. Two different rows of a million have one hash with a chance of 6e-5.
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
      // Adding 0 makes −0 the 0 that other writers write.
      for (let d = 0; d < size; d++) row[d] = values[from + d]! + 0;
      hashes[next] = hashOf(words);
    }
  }
  return hashes;
}

/** Two runs of 32 bits over the words, mixed by the finaliser of MurmurHash3, as one whole number below 2⁵³. */
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

/** How the rows of some data meet those of a training. */
export interface Overlap {
  /** Places of the rows that are none of those trained on. */
  readonly others: Uint32Array;
  /** Rows that were trained on. */
  readonly trained: number;
  /** Whether every row trained on is among them: they are the data of the training, or more. */
  readonly whole: boolean;
}

/** Most of the rows of a training that may come again for one row to be known by its values. */
const MOST_REPEATED = 0.01;

/**
 * Tells rows trained on from others, each row trained on counting once. Where the rows of a training repeat each other
 * (a few whole numbers a row), equal rows of other data say nothing and count as others, unless all rows of the training are there.
 */
export function overlapOf(hashes: Float64Array, trained: Float64Array): Overlap {
  const left = new Map<number, number>();
  for (const hash of trained) left.set(hash, (left.get(hash) ?? 0) + 1);
  const repeated = 1 - left.size / trained.length;
  const others: number[] = [];
  for (let place = 0; place < hashes.length; place++) {
    const count = left.get(hashes[place]!) ?? 0;
    if (count > 0) left.set(hashes[place]!, count - 1);
    else others.push(place);
  }
  const common = hashes.length - others.length;
  const whole = common === trained.length;
  if (whole || repeated <= MOST_REPEATED) return { others: Uint32Array.from(others), trained: common, whole };
  return { others: Uint32Array.from(hashes.keys()), trained: 0, whole };
}
