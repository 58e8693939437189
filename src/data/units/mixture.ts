import type { Gaussian } from './gaussian.ts';
import { gaussianLogDensities } from './gaussian-density.ts';
import { type Pattern, patternsOf } from './patterns.ts';

/** A mixture of K Gaussians over D coordinates, Σₖ weights[k]·N(x; mean_k, Σ_k). */
export interface GaussianMixture {
  /** Weight of each component, with sum 1. */
  readonly weights: readonly number[];
  /** The components, with full covariances. */
  readonly components: readonly Gaussian[];
}

/** log Σₖ weights[k]·N(x; mean_k, Σ_k) of the values of a row that are there, for rows `[n, D]`; in nats. */
export function mixtureLogDensities(mixture: GaussianMixture, rows: Float64Array): Float64Array {
  const patterns = patternsOf(rows, mixture.components[0]!.mean.length);
  return logSums(logTerms(mixture, rows, patterns));
}

/** log weights[k] + log N(x; mean_k, Σ_k): for each component, `[n]`. */
export const logTerms = (
  { weights, components }: GaussianMixture,
  rows: Float64Array,
  patterns: readonly Pattern[],
): Float64Array[] =>
  components.map((gaussian, k) => {
    const logWeight = Math.log(weights[k]!);
    return gaussianLogDensities(gaussian, rows, patterns).map(value => value + logWeight);
  });

/** log Σₖ exp terms[k][i] of each row i. */
export const logSums = (terms: readonly Float64Array[]): Float64Array =>
  terms[0]!.map((_, i) => {
    let most = -Infinity;
    for (const term of terms) most = Math.max(most, term[i]!);
    let sum = 0;
    for (const term of terms) sum += Math.exp(term[i]! - most);
    return most + Math.log(sum);
  });
