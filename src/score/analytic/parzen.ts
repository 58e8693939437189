import { usage } from '../../errors.ts';
import { logSumExp } from '../../math/log-sum.ts';
import type { PlainTensor } from '../../tensor/index.ts';

/** The window of an estimate of a density from N points in D dimensions. */
export type ParzenWindow =
  | {
      /** p(x) = (1/N) Σ N(x; xᵢ, width²I): the density of a point plus this noise. */
      readonly window: 'gaussian';
      /** Standard deviation of each window, above 0. */
      readonly width: number;
    }
  | {
      /**
       * p(x) = k/(N·widthᴰ), where k is the number of points whose coordinates are all within width/2 of
       * those of x.
       */
      readonly window: 'cube';
      /** Side of the cube, above 0. */
      readonly width: number;
    }
  | {
      /**
       * p(x) = k/(N·V), where V is the volume of the ball around x up to its k-th nearest point. Its integral
       * is infinite.
       */
      readonly window: 'nearest';
      /** k, a whole number from 1 to N. */
      readonly neighbours: number;
    };

/** A density estimated from points. */
export interface ParzenDensity {
  /** log p(x) of one point, row-major, in nats; −∞ if no window contains it. */
  logDensity(x: ArrayLike<number>): number;
}

/**
 * Density estimates by windows (Parzen 1962; Duda & Hart 1973, ch. 4) over `points` [N, ...D]. The Gaussian
 * window of width σ is p_t of `empiricalModel` if the SDE has scale 1 and std σ. So the ideal denoiser and
 * the score of a Parzen density belong together: E[x₀ | x_t] = x + σ²∇log p(x).
 * @throws usage for no points, and for an impossible width or number of neighbours
 */
export function parzen(points: PlainTensor, options: ParzenWindow): ParzenDensity {
  const count = points.shape[0] ?? 0;
  const size = points.data.length / count;
  if (!(count > 0 && size > 0)) throw usage('There are no points', { where: 'parzen', got: points.shape });
  const pointAt = (i: number) => points.data.subarray(i * size, (i + 1) * size);
  if (options.window === 'nearest') {
    const { neighbours } = options;
    if (!(Number.isInteger(neighbours) && neighbours >= 1 && neighbours <= count))
      throw outOfRange('neighbours', neighbours, `a whole number, 1 to ${count}`);
    return Object.freeze({
      logDensity(x: ArrayLike<number>) {
        const squares = Float64Array.from({ length: count }, (_, i) => squaredDistance(x, pointAt(i))).sort();
        return Math.log(neighbours / count) - logBall(size) - (size / 2) * Math.log(squares[neighbours - 1]!);
      },
    });
  }
  const { window, width } = options;
  if (!(width > 0 && Number.isFinite(width))) throw outOfRange('width', width, 'a number above 0');
  if (window === 'cube')
    return Object.freeze({
      logDensity(x: ArrayLike<number>) {
        let inside = 0;
        for (let i = 0; i < count; i++)
          if (pointAt(i).every((value, j) => Math.abs(value - x[j]!) <= width / 2)) inside++;
        return Math.log(inside / count) - size * Math.log(width);
      },
    });
  const norm = Math.log(count) + (size / 2) * Math.log(2 * Math.PI * width ** 2);
  return Object.freeze({
    logDensity: (x: ArrayLike<number>) =>
      logSumExp(Array.from({ length: count }, (_, i) => -squaredDistance(x, pointAt(i)) / (2 * width ** 2))) -
      norm,
  });
}

function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < b.length; j++) sum += (a[j]! - b[j]!) ** 2;
  return sum;
}

/** The log-volume of the unit ball: V₀ = 1, V₁ = 2, V_D = V_{D−2}·2π/D. */
function logBall(size: number): number {
  let sum = size % 2 === 0 ? 0 : Math.LN2;
  for (let d = size % 2 === 0 ? 2 : 3; d <= size; d += 2) sum += Math.log((2 * Math.PI) / d);
  return sum;
}

const outOfRange = (option: string, got: number, expected: string) =>
  usage(`option "${option}" is out of range`, { where: 'parzen', got, expected });
