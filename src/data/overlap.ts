import { mapInto } from '../files/numbers.ts';
import { type Rounding, roundings } from './roundings.ts';
import { eachRow, makeHasher, NO_HASH, type RowHashes } from './row-hashes.ts';
import { type Numbers, type Table, width } from './table.ts';

/** Which rows of some data were used in a training. */
export interface Overlap {
  /** Positions of the rows that were not trained on. */
  readonly others: Uint32Array;
  /** Number of rows that were trained on. */
  readonly trained: number;
  /** Whether the data contain every row trained on. */
  readonly whole: boolean;
}

/**
 * Largest share of training rows with the same hash as another at which a hash still identifies a row; of a
 * rounded hash, the largest share that it adds.
 */
const MOST_REPEATED = 0.01;

/**
 * Separates rows trained on from others. Each row trained on counts once. Training rows can repeat each
 * other, for example when a row is a few whole numbers. Equal rows then prove nothing and count as others,
 * unless the data contain all rows of the training.
 *
 * A row that has no equal may be the copy of one with fewer digits. It counts as trained on where the rounded
 * hashes agree, if these tell the training rows apart nearly as well as the exact ones: not for 1e9 ± 1,
 * whose float32 values coincide.
 */
export function overlapOf(table: Table<Numbers>, rows: Uint32Array, trained: RowHashes): Overlap {
  const matches = matcher(trained, width(table));
  const others: number[] = [];
  const unequal: number[] = [];
  eachRow(table, rows, (row, i) => matches.equal(row) || unequal.push(i));
  const left = mapInto(new Uint32Array(unequal.length), unequal, i => rows[i]!);
  eachRow(table, left, (row, i) => matches.copy(row) || others.push(unequal[i]!));
  const common = rows.length - others.length;
  const whole = common === trained.exact.length;
  if (whole || matches.repeated <= MOST_REPEATED)
    return { others: Uint32Array.from(others), trained: common, whole };
  return { others: Uint32Array.from(rows.keys()), trained: 0, whole };
}

/** Finds the training row of a row, each training row once. */
function matcher({ exact, rounded }: RowHashes, size: number) {
  const { hash } = makeHasher(size);
  const used = new Uint8Array(exact.length);
  const equals = makeIndex(exact, used);
  const mostRepeats = equals.repeats + MOST_REPEATED * exact.length;
  const indices = roundings
    .flatMap((rounding, k) => (rounded[k] ? [{ hashes: rounded[k], rounding }] : []))
    .map(each => ({ ...each, index: makeIndex(each.hashes, used) }))
    .filter(({ index }) => index.repeats <= mostRepeats);
  return {
    repeated: equals.repeats / exact.length,
    equal: (row: Float64Array) => equals.take(hash(row)),
    copy: (row: Float64Array) =>
      indices.some(({ hashes, rounding, index }) => {
        if (row.every(rounding.isCopy)) return origins(row, rounding).some(cell => index.take(hash(cell)));
        // Or the training row is the copy: then rounding left its hash as it was.
        return rounding.alone && index.take(hash(row, rounding.of), i => hashes[i] === exact[i]);
      }),
  };
}

/** Training rows by their hashes. */
function makeIndex(hashes: Float64Array, used: Uint8Array) {
  const places = new Map<number, number>();
  /** The next row with the same hash, or −1. */
  const next = new Int32Array(hashes.length).fill(-1);
  let repeats = 0;
  for (let i = hashes.length - 1; i >= 0; i--) {
    const hash = hashes[i]!;
    if (hash === NO_HASH) continue;
    const after = places.get(hash);
    if (after !== undefined) {
      next[i] = after;
      repeats++;
    }
    places.set(hash, i);
  }
  return {
    /** Number of rows whose hash an earlier row has. */
    repeats,
    /** Uses up a row with this hash. */
    take(hash: number, fits: (i: number) => boolean = () => true): boolean {
      let i = places.get(hash) ?? -1;
      while (i >= 0 && used[i]) i = next[i]!;
      places.set(hash, i);
      while (i >= 0 && (used[i] || !fits(i))) i = next[i]!;
      if (i < 0) return false;
      used[i] = 1;
      return true;
    },
  };
}

/** Most values of a row that may come from two cells: 1024 rows of cells are tried. */
const MOST_DOUBTS = 10;

/** The rows of cells that a copy may come from. None if they are too many. */
function origins(row: Float64Array, rounding: Rounding): Float64Array[] {
  const cells = Array.from(row, rounding.origins);
  if (cells.filter(({ length }) => length > 1).length > MOST_DOUBTS) return [];
  const found = [new Float64Array(row.length)];
  for (const [d, [first, second]] of cells.entries()) {
    for (const each of found) each[d] = first!;
    if (second !== undefined) found.push(...found.map(each => each.with(d, second)));
  }
  return found;
}
