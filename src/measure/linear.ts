import { usage } from '../errors.ts';
import { type ErrorOptions, normalLaw, requireSize } from './checks.ts';
import type { Measurement } from './contract.ts';

/** A matrix row by row, or row-major with its sides. */
export type Matrix =
  | readonly ArrayLike<number>[]
  | {
      /** Its entries, row-major. */
      readonly data: ArrayLike<number>;
      /** [m, D]. */
      readonly shape: readonly number[];
    };

/**
 * y = A·x + n, n ~ N(0, diag std²), for rows x of D values in the units of the data (samples of several axes
 * row-major). A: [m, D].
 * @throws usage for a value that is not a matrix, and for values that do not fit the matrix
 */
export function linear(A: Matrix, y: ArrayLike<number>, options: ErrorOptions = {}): Measurement {
  const { data, rows, width } = entriesOf(A);
  const law = normalLaw('linear', y, options);
  if (y.length !== rows)
    throw usage('there has to be a value for each row of the matrix', {
      where: 'linear',
      got: `${y.length} values`,
      expected: `${rows}`,
    });
  return Object.freeze({
    name: 'linear',
    linear: true,
    on: async space => {
      requireSize('linear', space, width);
      return [{ kind: 'linear', text: `${rows} linear measurements`, count: rows, matrix: data, law }];
    },
  } satisfies Measurement);
}

function entriesOf(A: Matrix): { data: Float64Array; rows: number; width: number } {
  const [data, rows, width] =
    'data' in A
      ? [Float64Array.from(A.data), A.shape[0] ?? 0, A.shape[1] ?? 0]
      : [Float64Array.from(A.flatMap(row => Array.from(row))), A.length, A[0]?.length ?? 0];
  const even = 'data' in A || A.every(row => row.length === width);
  if (rows < 1 || width < 1 || data.length !== rows * width || !even || !data.every(Number.isFinite))
    throw usage('this is no matrix', {
      where: 'linear',
      got: `${data.length} values in ${rows} rows`,
      expected: 'rows of finite numbers, all of one length',
    });
  return { data, rows, width };
}
