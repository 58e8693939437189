import type { HalfSpace } from '../../math/half-space.ts';
import { logSumExp } from '../../math/log-sum.ts';
import { HALF_LOG_TWO_PI, normalQuantile } from '../../math/normal.ts';

/**
 * Standard deviation of the noise around each code word. Words differ by 2·√(1 − 0.3²), over six of these.
 */
const NOISE = 0.3;
const LEVEL = Math.sqrt(1 - NOISE ** 2);

/**
 * A category of K values as a point of m = ⌈log₂ K⌉ coordinates. Value k has a code word c_k, the binary
 * digits of k as ±0.95, and its point is drawn from q(v | k) = N(v; c_k, 0.3² I). A point v belongs to value
 * k with probability P(k | v) ∝ π_k·q(v | k), where π are the frequencies in the data. So
 *
 *     log P(k) ≥ E_q[log p(v) + log P(k | v) − log q(v | k)]
 *
 * is a lower bound for any density p of the points (a variational autoencoder with a fixed encoder and the
 * decoder in closed form). It is tight, up to the overlap of the words (below 0.01 nats), where p is the
 * mixture Σ p(k)·q(v | k), which is smooth and easily learned. Every point belongs to a valid value.
 */
export interface CategoryCode {
  /** m, the number of coordinates. */
  readonly width: number;
  /** Writes a point v ~ q(v | k) from u ~ U[0, 1)^m. */
  draw(k: number, u: ArrayLike<number>, out: Float64Array): void;
  /** The value with the largest P(k | v). */
  nearest(v: ArrayLike<number>): number;
  /** log q(v | k) */
  logDensity(k: number, v: ArrayLike<number>): number;
  /** log P(k | v) */
  logPosterior(k: number, v: ArrayLike<number>): number;
  /**
   * The points that belong to value k, as m half-spaces that hold together. Two words on either side of one
   * bit are apart by that bit. Where a bit leads to a word that no value has, its half-space separates from
   * the nearest word beyond it.
   */
  region(k: number): readonly HalfSpace[];
}

/**
 * The code of K values.
 * @param probabilities π, above 0, with sum 1; K ≥ 2
 */
export function categoryCode(probabilities: readonly number[]): CategoryCode {
  const count = probabilities.length;
  const width = Math.ceil(Math.log2(count));
  const word = (k: number, bit: number) => ((k >> bit) & 1 ? LEVEL : -LEVEL);
  const distance = (k: number, v: ArrayLike<number>) => {
    let sum = 0;
    for (let bit = 0; bit < width; bit++) sum += ((v[bit]! - word(k, bit)) / NOISE) ** 2;
    return sum;
  };
  const scores = (v: ArrayLike<number>) =>
    Float64Array.from({ length: count }, (_, k) => Math.log(probabilities[k]!) - 0.5 * distance(k, v));
  return Object.freeze({
    width,
    draw(k: number, u: ArrayLike<number>, out: Float64Array) {
      for (let bit = 0; bit < width; bit++) out[bit] = word(k, bit) + NOISE * normalQuantile(u[bit]!);
    },
    nearest(v: ArrayLike<number>) {
      const score = scores(v);
      return score.reduce((best, value, k) => (value > score[best]! ? k : best), 0);
    },
    logDensity: (k: number, v: ArrayLike<number>) =>
      -0.5 * distance(k, v) - width * (HALF_LOG_TWO_PI + Math.log(NOISE)),
    region: (k: number) =>
      Array.from({ length: width }, (_, bit) => {
        const other = beyond(k, bit, count);
        const differs = (at: number) => ((k ^ other) >> at) & 1;
        return {
          normal: Float64Array.from({ length: width }, (_, at) => (differs(at) ? Math.sign(word(k, at)) : 0)),
          // Of log P(k | v) = log P(other | v): the squares of v and of the words cancel.
          least: (NOISE ** 2 / (2 * LEVEL)) * Math.log(probabilities[other]! / probabilities[k]!),
        };
      }),
    logPosterior(k: number, v: ArrayLike<number>) {
      const score = scores(v);
      return score[k]! - logSumExp(score);
    },
  });
}

/** Of the numbers below `count` that differ from k in this bit, one that differs in the fewest bits. */
function beyond(k: number, bit: number, count: number): number {
  const bits = (x: number): number => (x === 0 ? 0 : (x & 1) + bits(x >> 1));
  let best: number | undefined;
  for (let other = 0; other < count; other++) {
    const differs = k ^ other;
    if (((differs >> bit) & 1) === 0) continue;
    if (best === undefined || bits(differs) < bits(k ^ best)) best = other;
  }
  return best!;
}
