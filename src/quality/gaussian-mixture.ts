import { cholesky } from '../math/cholesky.ts';
import { type Key, permutation } from '../random/index.ts';

/** Steps of expectation and maximisation, at most. */
const ITERATIONS = 100;
/** What is added to each variance, so that no component shrinks to a point. Coordinates have variance 1. */
const RIDGE = 1e-3;

/** A Gaussian mixture with full covariances over D coordinates. */
export interface GaussianMixture {
  /** Weight of each component, with sum 1. */
  readonly weights: readonly number[];
  /** log Σₖ weights[k]·N(x; mean_k, Σ_k) of points `[n, D]`, in nats. */
  logDensities(points: Float64Array): Float64Array;
}

interface Component {
  readonly weight: number;
  readonly mean: Float64Array;
  /** L of Σ = LLᵀ, `[D, D]`. */
  readonly factor: Float64Array;
}

/**
 * A mixture of K Gaussians, fitted to points `[n, D]` of about unit variance by expectation and maximisation
 * (Bishop 2006, §9.2) from K spread points. 10⁻³ is added to each variance. The work is n·K·D² a step.
 */
export function fitMixture(
  points: Float64Array,
  size: number,
  components: number,
  seed: Key,
): GaussianMixture {
  const count = points.length / size;
  let mixture = firstComponents(points, size, components, seed);
  let before = -Infinity;
  for (let i = 0; i < ITERATIONS; i++) {
    const { shares, nats } = responsibilities(mixture, points, size);
    mixture = mixture.map((_, k) => maximised(points, size, shares, k, components));
    if (nats - before < 1e-4 * count) break;
    before = nats;
  }
  return Object.freeze({
    weights: mixture.map(({ weight }) => weight),
    logDensities: (of: Float64Array) => {
      const out = new Float64Array(of.length / size);
      for (let i = 0; i < out.length; i++) out[i] = logSum(logTerms(mixture, of, size, i));
      return out;
    },
  });
}

/** K points far from one another (k-means++, by the largest distance), with unit covariances. */
function firstComponents(points: Float64Array, size: number, components: number, seed: Key): Component[] {
  const count = points.length / size;
  const centres = [permutation(count, seed, 0)[0]!];
  const nearest = new Float64Array(count).fill(Infinity);
  const identity = new Float64Array(size * size);
  for (let d = 0; d < size; d++) identity[d * (size + 1)] = 0.5;
  while (centres.length < components) {
    const last = centres.at(-1)!;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      let square = 0;
      for (let d = 0; d < size; d++) square += (points[i * size + d]! - points[last * size + d]!) ** 2;
      nearest[i] = Math.min(nearest[i]!, square);
      sum += nearest[i]!;
    }
    centres.push(atShare(nearest, sum * share(centres.length)));
  }
  return centres.map(at => ({
    weight: 1 / components,
    mean: points.slice(at * size, (at + 1) * size),
    factor: identity,
  }));
}

/** Evenly spread shares of [0, 1): the golden ratio's multiples. */
const share = (k: number) => (k * 0.618034) % 1;

/** The place where the running sum reaches `target`. */
function atShare(values: Float64Array, target: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i]!;
    if (sum > target) return i;
  }
  return values.length - 1;
}

function responsibilities(mixture: readonly Component[], points: Float64Array, size: number) {
  const count = points.length / size;
  const shares = new Float64Array(count * mixture.length);
  let nats = 0;
  for (let i = 0; i < count; i++) {
    const terms = logTerms(mixture, points, size, i);
    const total = logSum(terms);
    nats += total;
    for (const [k, term] of terms.entries()) shares[i * mixture.length + k] = Math.exp(term - total);
  }
  return { shares, nats };
}

function maximised(
  points: Float64Array,
  size: number,
  shares: Float64Array,
  k: number,
  of: number,
): Component {
  const count = points.length / size;
  const mean = new Float64Array(size);
  let weight = 1e-9;
  for (let i = 0; i < count; i++) {
    const share = shares[i * of + k]!;
    weight += share;
    for (let d = 0; d < size; d++) mean[d]! += share * points[i * size + d]!;
  }
  for (let d = 0; d < size; d++) mean[d]! /= weight;
  const covariance = new Float64Array(size * size);
  for (let i = 0; i < count; i++) {
    const share = shares[i * of + k]!;
    if (share < 1e-12) continue;
    for (let a = 0; a < size; a++) {
      const left = share * (points[i * size + a]! - mean[a]!);
      for (let b = 0; b <= a; b++) covariance[a * size + b]! += left * (points[i * size + b]! - mean[b]!);
    }
  }
  const factor = cholesky(size, (a, b) => covariance[a * size + b]! / weight + (a === b ? RIDGE : 0));
  return { weight: weight / count, mean, factor };
}

function logTerms(mixture: readonly Component[], points: Float64Array, size: number, row: number): number[] {
  const z = new Float64Array(size);
  return mixture.map(({ weight, mean, factor }) => {
    let value = Math.log(weight) - 0.5 * size * Math.log(2 * Math.PI);
    for (let i = 0; i < size; i++) {
      let sum = points[row * size + i]! - mean[i]!;
      for (let j = 0; j < i; j++) sum -= factor[i * size + j]! * z[j]!;
      z[i] = sum / factor[i * size + i]!;
      value -= 0.5 * z[i]! ** 2 + Math.log(factor[i * size + i]!);
    }
    return value;
  });
}

function logSum(terms: readonly number[]): number {
  const most = terms.reduce((largest, term) => Math.max(largest, term), -Infinity);
  return most + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - most), 0));
}
