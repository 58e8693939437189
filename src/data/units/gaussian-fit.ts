import { expectedMoments } from './expected-moments.ts';
import { type Gaussian, isDefinite } from './gaussian.ts';
import { patternsOf } from './patterns.ts';

/** Steps of expectation and maximisation for rows with missing values. */
const ITERATIONS = 40;
/** Operations of one such step. */
const MOST_WORK = 2e7;

/**
 * The Gaussian of rows `[n, D]` by maximum likelihood. NaN is a missing value; the Gaussian is then found by
 * expectation and maximisation (Little & Rubin 2002, §11.2).
 */
export function fitGaussian(rows: Float64Array, size: number): Gaussian {
  const complete = !rows.some(Number.isNaN);
  let gaussian = availableGaussian(rows, size);
  // Each pattern costs D³ operations: of wide tables only some rows are used, or none if they would be too
  // few.
  const most = complete ? Infinity : Math.floor(MOST_WORK / size ** 3);
  if (most < 4 * size) return gaussian;
  rows = rows.subarray(0, Math.min(rows.length, most * size));
  const patterns = patternsOf(rows, size);
  for (let i = 0; i < (complete ? 1 : ITERATIONS); i++) {
    const { mean, covariance } = expectedMoments(rows, gaussian, patterns);
    const change = changeOf({ mean, covariance }, gaussian);
    gaussian = { mean, covariance };
    if (change < 1e-4) break;
  }
  return gaussian;
}

/** The largest change of a mean or covariance, in standard deviations. */
function changeOf(next: Gaussian, former: Gaussian): number {
  const size = next.mean.length;
  const std = former.mean.map((_, d) => Math.sqrt(former.covariance[d * size + d]!));
  const ofMean = next.mean.map((value, d) => Math.abs(value - former.mean[d]!) / std[d]!);
  const ofCovariance = next.covariance.map(
    (value, at) => Math.abs(value - former.covariance[at]!) / (std[Math.floor(at / size)]! * std[at % size]!),
  );
  return Math.max(
    ...ofMean,
    ofCovariance.reduce((most, value) => Math.max(most, value), 0),
  );
}

/** Independent coordinates: means and variances, `[D]` each, of the values that are there. */
export function independentGaussian(rows: Float64Array, size: number): Gaussian {
  const mean = new Float64Array(size);
  const variance = new Float64Array(size);
  for (let d = 0; d < size; d++) {
    let [count, sum, square] = [0, 0, 0];
    for (let i = d; i < rows.length; i += size)
      if (!Number.isNaN(rows[i])) [count, sum] = [count + 1, sum + rows[i]!];
    mean[d] = count > 0 ? sum / count : 0;
    for (let i = d; i < rows.length; i += size)
      if (!Number.isNaN(rows[i])) square += (rows[i]! - mean[d]!) ** 2;
    variance[d] = count > 0 && square > 0 ? square / count : 1;
  }
  return { mean, covariance: variance };
}

/** The same with a full covariance, `[D, D]`. */
function availableGaussian(rows: Float64Array, size: number): Gaussian {
  const { mean, covariance: variance } = independentGaussian(rows, size);
  const covariance = new Float64Array(size * size);
  for (let d = 0; d < size; d++) covariance[d * size + d] = variance[d]!;
  return { mean, covariance };
}

/**
 * The covariance with its correlations shrunk: Σ_ij·(1 − share) off the diagonal. Share 1 leaves independent
 * coordinates.
 */
function shrunk({ mean, covariance }: Gaussian, share: number): Gaussian {
  const size = mean.length;
  if (covariance.length === size) return { mean, covariance };
  const diagonal = Float64Array.from({ length: size }, (_, d) => covariance[d * size + d]!);
  if (share === 1) return { mean, covariance: diagonal };
  const out = covariance.map((value, at) =>
    Math.floor(at / size) === at % size ? value : value * (1 - share),
  );
  return { mean, covariance: out };
}

/** Shrinkages that are tried, one after another, where a covariance is not positive definite. */
const SMALL = [1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2, 0.1];

/**
 * The Gaussian with its correlations shrunk by `share`, and by as little more as makes it positive definite:
 * the covariance of rows that are as few as their columns, or of columns that depend on one another in these
 * rows, is not. A column that has one value in these rows gets the variance 1.
 */
export function definite(gaussian: Gaussian, share: number): Gaussian {
  const varied = withVariances(gaussian);
  for (const more of [0, ...SMALL]) {
    const each = shrunk(varied, share + (1 - share) * more);
    if (isDefinite(each)) return each;
  }
  return shrunk(varied, 1);
}

function withVariances({ mean, covariance }: Gaussian): Gaussian {
  const size = mean.length;
  const step = covariance.length === size ? 1 : size + 1;
  const varied = covariance.slice();
  for (let d = 0; d < size; d++) varied[d * step] = covariance[d * step]! > 0 ? covariance[d * step]! : 1;
  return { mean, covariance: varied };
}
