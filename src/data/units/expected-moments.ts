import { type Conditional, conditionals, type Gaussian, STATES } from './gaussian.ts';
import type { Pattern } from './patterns.ts';

/** A weight that adds nothing to a covariance. */
const NO_SHARE = 1e-6;

/** The sum of the weights of rows, their mean `[D]`, and their covariance `[D, D]`. */
export interface Moments extends Gaussian {
  readonly weight: number;
}

/**
 * The moments of weighted rows `[n, D]`. Missing values (NaN) are replaced by their conditional means under
 * `gaussian`, and the covariance gains their conditional covariance (Little & Rubin 2002, §11.2).
 */
export function expectedMoments(
  rows: Float64Array,
  gaussian: Gaussian,
  patterns: readonly Pattern[],
  weights?: Float64Array,
): Moments {
  const size = gaussian.mean.length;
  const conditionalOf = conditionals(gaussian);
  const full = patterns.length === 1 && !patterns[0]!.missing.includes(1) ? rows : rows.slice();
  const spread = new Float64Array(size * size);
  for (const { missing, rows: places } of patterns) {
    if (!missing.includes(1)) continue;
    const conditional = conditionalOf(
      missing.map(isMissing => (isMissing ? STATES.generated : STATES.known)),
    );
    for (const row of places)
      fillRow(full.subarray(row * size, (row + 1) * size), conditional, gaussian.mean);
    const weight = weights ? places.reduce((sum, row) => sum + weights[row]!, 0) : places.length;
    addSpread(spread, size, conditional, weight);
  }
  return momentsOf(full, size, spread, weights);
}

/** Missing values by their conditional means, in place. */
function fillRow(x: Float64Array, { generated, known, regression }: Conditional, mean: Float64Array): void {
  for (let i = 0; i < generated.length; i++) {
    let value = mean[generated[i]!]!;
    for (let j = 0; j < known.length; j++)
      value += regression[i * known.length + j]! * (x[known[j]!]! - mean[known[j]!]!);
    x[generated[i]!] = value;
  }
}

/** Adds weight·LLᵀ to the lower triangle. */
function addSpread(
  sum: Float64Array,
  size: number,
  { generated, factor }: Conditional,
  weight: number,
): void {
  const g = generated.length;
  for (let i = 0; i < g; i++)
    for (let j = 0; j <= i; j++) {
      let value = 0;
      for (let l = 0; l <= j; l++) value += factor[i * g + l]! * factor[j * g + l]!;
      sum[generated[i]! * size + generated[j]!]! += weight * value;
    }
}

function momentsOf(
  rows: Float64Array,
  size: number,
  spread: Float64Array,
  weights: Float64Array | undefined,
): Moments {
  const count = rows.length / size;
  const mean = new Float64Array(size);
  let weight = 0;
  for (let row = 0; row < count; row++) {
    const w = weights?.[row] ?? 1;
    weight += w;
    for (let d = 0; d < size; d++) mean[d]! += w * rows[row * size + d]!;
  }
  for (let d = 0; d < size; d++) mean[d]! /= weight;
  for (let row = 0; row < count; row++) {
    const w = weights?.[row] ?? 1;
    if (w < NO_SHARE) continue;
    for (let i = 0; i < size; i++) {
      const left = w * (rows[row * size + i]! - mean[i]!);
      for (let j = 0; j <= i; j++) spread[i * size + j]! += left * (rows[row * size + j]! - mean[j]!);
    }
  }
  const covariance = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      covariance[i * size + j] = spread[Math.max(i, j) * size + Math.min(i, j)]! / weight;
  return { weight, mean, covariance };
}
