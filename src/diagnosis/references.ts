import { gaussianModel, mixtureModel } from '../score/analytic/index.ts';
import type { ScoreModel } from '../score/contract.ts';
import type { Sde } from '../sde/contract.ts';
import { type PlainTensor, sizeOf } from '../tensor/index.ts';

/** The widest rows of which a covariance is taken; wider ones have variances alone. */
const WIDE = 128;
/** The most rows of a Parzen density. */
const ROWS = 1000;
/** The widths that are tried, in model units. */
const WIDTHS = [0.05, 0.1, 0.2, 0.4, 0.8];

/** The Gaussian with the mean and covariance of the rows; of wide rows with their variances. */
export function likeRows({ data, shape }: PlainTensor, sde: Sde): ScoreModel {
  const [count = 1, ...each] = shape;
  const size = sizeOf(each);
  const mean = Array.from({ length: size }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += data[i * size + j]!;
    return sum / count;
  });
  const product = (a: number, b: number) => {
    let sum = 0;
    for (let i = 0; i < count; i++)
      sum += (data[i * size + a]! - mean[a]!) * (data[i * size + b]! - mean[b]!);
    return sum / count;
  };
  if (size > WIDE)
    return gaussianModel({ mean, std: mean.map((_, j) => Math.sqrt(product(j, j))), shape: each }, sde);
  const covariance = mean.flatMap((_, a) => mean.map((_, b) => product(a, b)));
  return gaussianModel({ mean, covariance, shape: each }, sde);
}

/**
 * The Parzen density of rows, (1/N) Σ N(xᵢ, h²I), with the width h of the greatest Σ log p of each row by the
 * others. Undefined for wide rows, of which it knows little, and for a single row.
 */
export function parzenOf({ data, shape }: PlainTensor, sde: Sde): ScoreModel | undefined {
  const [all = 0, ...each] = shape;
  const [size, count] = [sizeOf(each), Math.min(all, ROWS)];
  if (size > WIDE || count < 2) return undefined;
  const means = Array.from({ length: count }, (_, i) => Array.from(data.subarray(i * size, (i + 1) * size)));
  return mixtureModel({ means, stds: bestWidth(means), shape: each }, sde);
}

/** The width of the greatest density of each row by the others. */
function bestWidth(rows: readonly (readonly number[])[]): number {
  const size = rows[0]!.length;
  const totals = WIDTHS.map(() => 0);
  const squares = new Float64Array(rows.length);
  for (const [i, row] of rows.entries()) {
    for (const [j, other] of rows.entries()) {
      let sum = 0;
      for (let d = 0; d < size; d++) sum += (row[d]! - other[d]!) ** 2;
      squares[j] = i === j ? Number.POSITIVE_INFINITY : sum;
    }
    const nearest = squares.reduce((a, b) => Math.min(a, b));
    for (const [k, width] of WIDTHS.entries()) {
      const scale = 2 * width ** 2;
      const sum = squares.reduce((total, square) => total + Math.exp((nearest - square) / scale), 0);
      totals[k]! += Math.log(sum) - nearest / scale - size * Math.log(width);
    }
  }
  return WIDTHS[totals.indexOf(Math.max(...totals))]!;
}
