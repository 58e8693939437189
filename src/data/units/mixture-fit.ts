import { meanOf } from '../../math/mean.ts';
import { fillUniform, type Key } from '../../random/index.ts';
import { expectedMoments, type Moments } from './expected-moments.ts';
import { type GaussianMixture, logSums, logTerms } from './mixture.ts';
import { patternsOf } from './patterns.ts';

/** Steps of expectation and maximisation, at most. */
const ITERATIONS = 100;
/** Starts, and the steps after which the best of them is chosen. */
const [STARTS, FIRST] = [3, 10];
/** It stops when a step gains less than this, in nats a row. */
const PROGRESS = 1e-3;
/** What is added to each variance, so that no component shrinks to a point. Coordinates have variance 1. */
const RIDGE = 1e-3;

/** How a mixture is fitted. */
export interface MixtureFit {
  /** K. */
  readonly components: number;
  /**
   * The share of each covariance that is the mean covariance of all components: 0 for covariances of their
   * own, 1 for one common covariance (Friedman 1989). Default 0.
   */
  readonly share?: number;
}

/**
 * A mixture of K Gaussians, fitted to rows `[n, D]` of about unit variance by expectation and maximisation
 * (Bishop 2006, §9.2) from K spread rows, the best of three starts. NaN is a missing value. 10⁻³ is added to
 * each variance. The work is n·K·D² a step.
 */
export function fitMixture(
  rows: Float64Array,
  size: number,
  { components, share = 0 }: MixtureFit,
  seed: Key,
): GaussianMixture {
  const patterns = patternsOf(rows, size);
  const step = ({ mixture }: Climb): Climb => {
    const terms = logTerms(mixture, rows, patterns);
    const sums = logSums(terms);
    const moments = terms.map((term, k) => {
      // No component loses all its rows.
      const shares = term.map((value, row) => Math.exp(value - sums[row]!) + 1e-9);
      return expectedMoments(rows, mixture.components[k]!, patterns, shares);
    });
    return { mixture: maximised(moments, size, share), nats: meanOf(sums) };
  };
  const starts = Array.from({ length: components > 1 ? STARTS : 1 }, (_, start) =>
    climbed({ mixture: firstMixture(rows, size, components, seed, start), nats: -Infinity }, step, FIRST),
  );
  const best = starts.reduce((most, each) => (each.nats > most.nats ? each : most));
  return climbed(best, step, ITERATIONS).mixture;
}

/** A mixture, and the nats a row of the one that it was made from. */
interface Climb {
  readonly mixture: GaussianMixture;
  readonly nats: number;
}

function climbed(from: Climb, step: (from: Climb) => Climb, most: number): Climb {
  let climb = from;
  for (let i = 0; i < most; i++) {
    const next = step(climb);
    const gain = next.nats - climb.nats;
    climb = next;
    if (gain < PROGRESS) break;
  }
  return climb;
}

function maximised(moments: readonly Moments[], size: number, share: number): GaussianMixture {
  const total = moments.reduce((sum, { weight }) => sum + weight, 0);
  const common = new Float64Array(size * size);
  for (const { weight, covariance } of moments)
    for (let i = 0; i < common.length; i++) common[i]! += (weight / total) * covariance[i]!;
  return {
    weights: moments.map(({ weight }) => weight / total),
    components: moments.map(({ mean, covariance }) => ({
      mean,
      covariance: covariance.map(
        (value, at) =>
          (1 - share) * value + share * common[at]! + (Math.floor(at / size) === at % size ? RIDGE : 0),
      ),
    })),
  };
}

/** K rows far from one another (k-means++, Arthur & Vassilvitskii 2007), with variances ½. */
function firstMixture(
  rows: Float64Array,
  size: number,
  components: number,
  seed: Key,
  start: number,
): GaussianMixture {
  const count = rows.length / size;
  const u = new Float64Array(components);
  fillUniform(u, seed, { step: start, first: 0, size: components });
  // A missing value is taken at the mean of its column.
  const at = (row: number, d: number) => (Number.isNaN(rows[row * size + d]) ? 0 : rows[row * size + d]!);
  const centres = [Math.floor(u[0]! * count)];
  const nearest = new Float64Array(count).fill(Infinity);
  while (centres.length < components) {
    const last = centres.at(-1)!;
    for (let row = 0; row < count; row++) {
      let square = 0;
      for (let d = 0; d < size; d++) square += (at(row, d) - at(last, d)) ** 2;
      nearest[row] = Math.min(nearest[row]!, square);
    }
    centres.push(atShare(nearest, u[centres.length]!));
  }
  const covariance = new Float64Array(size * size);
  for (let d = 0; d < size; d++) covariance[d * (size + 1)] = 0.5;
  return {
    weights: centres.map(() => 1 / components),
    components: centres.map(row => ({
      mean: Float64Array.from({ length: size }, (_, d) => at(row, d)),
      covariance,
    })),
  };
}

/** The place where the running sum reaches this share of the whole. */
function atShare(values: Float64Array, share: number): number {
  const target = share * values.reduce((sum, value) => sum + value, 0);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i]!;
    if (sum > target) return i;
  }
  return values.length - 1;
}
