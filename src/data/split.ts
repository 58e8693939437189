import { usage } from '../errors.ts';
import { key, permutation } from '../random/index.ts';

/** Default share of the rows that is held out for testing. */
export const TEST_FRACTION = 0.2;

export interface Split {
  /** Row numbers, in rising order. */
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * Splits n rows into training and test rows at random. The split depends only on n, fraction and seed, so
 * training and scoring see the same one.
 *
 * @param fraction share of test rows, in [0, 1); there are round(n · fraction) of them, but at least one if
 *   it is above 0, and at least one training row
 * @throws usage if the fraction is out of range, or there are too few rows to split
 */
export function split(n: number, fraction: number, seed: number): Split {
  if (!(fraction >= 0 && fraction < 1))
    throw usage('The test fraction is out of range', {
      where: 'split',
      got: fraction,
      expected: '0 <= fraction < 1',
    });
  if (fraction > 0 && n < 2)
    throw usage('Too few rows for a test part', { where: 'split', got: `${n} rows`, expected: 'at least 2' });
  const size = fraction === 0 ? 0 : Math.min(n - 1, Math.max(1, Math.round(n * fraction)));
  const order = permutation(n, key(seed, 'data/split'), 0);
  return { train: order.slice(size).sort(), test: order.slice(0, size).sort() };
}

/** Fewest rows for validation, if that is at most a third. */
const LEAST_VALIDATION = 20;

/**
 * Takes rows for validation from those of training, at random: a share of them, or a third up to 20 rows if
 * that is more.
 */
export function splitValidation(rows: Uint32Array, fraction: number, seed: number) {
  if (fraction === 0 || rows.length < 3) return { fit: rows, validation: new Uint32Array() };
  const least = Math.min(LEAST_VALIDATION, Math.floor(rows.length / 3));
  const size = Math.max(Math.round(rows.length * fraction), least);
  const order = permutation(rows.length, key(seed, 'data/validation'), 0);
  const rowsAt = (places: Uint32Array) => places.map(place => rows[place]!).sort();
  return { fit: rowsAt(order.slice(size)), validation: rowsAt(order.slice(0, size)) };
}
