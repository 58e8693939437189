import { conditionals, type Gaussian, STATES } from './gaussian.ts';

/** Steps of expectation and maximisation for rows with missing values. */
const ITERATIONS = 40;
/** Operations of one such step. */
const MOST_WORK = 2e7;

/**
 * The Gaussian of rows `[n, D]` by maximum likelihood. NaN is a missing value; the Gaussian is then found by
 * expectation and maximisation (Little & Rubin 2002, §11.2): missing values are replaced by their conditional
 * means, and the covariance gains their conditional covariance.
 */
export function fitGaussian(rows: Float64Array, size: number): Gaussian {
  const complete = !rows.some(Number.isNaN);
  let gaussian = availableGaussian(rows, size);
  if (complete) return withCovariance(rows, size, gaussian.mean);
  // Each row costs D³ operations: of wide tables only some rows are used, or none if they would be too few.
  const most = Math.floor(MOST_WORK / size ** 3);
  if (most < 4 * size) return gaussian;
  rows = rows.subarray(0, most * size);
  for (let i = 0; i < ITERATIONS; i++) {
    const next = maximised(rows, size, gaussian);
    const change = changeOf(next, gaussian);
    gaussian = next;
    if (change < 1e-3) break;
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

function withCovariance(rows: Float64Array, size: number, mean: Float64Array): Gaussian {
  const covariance = new Float64Array(size * size);
  const count = rows.length / size;
  for (let at = 0; at < rows.length; at += size) addSquare(covariance, rows.subarray(at, at + size), mean);
  return { mean, covariance: symmetric(covariance, size, count) };
}

function maximised(rows: Float64Array, size: number, gaussian: Gaussian): Gaussian {
  const conditionalOf = conditionals(gaussian);
  const count = rows.length / size;
  const full = rows.slice();
  const spread = new Float64Array(size * size);
  const states = new Uint8Array(size);
  for (let at = 0; at < rows.length; at += size) {
    for (let d = 0; d < size; d++) states[d] = Number.isNaN(rows[at + d]) ? STATES.generated : STATES.known;
    const { generated, known, regression, factor } = conditionalOf(states);
    const [g, k] = [generated.length, known.length];
    for (let i = 0; i < g; i++) {
      let value = gaussian.mean[generated[i]!]!;
      for (let j = 0; j < k; j++)
        value += regression[i * k + j]! * (rows[at + known[j]!]! - gaussian.mean[known[j]!]!);
      full[at + generated[i]!] = value;
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let l = 0; l <= j; l++) sum += factor[i * g + l]! * factor[j * g + l]!;
        spread[generated[i]! * size + generated[j]!]! += sum;
      }
    }
  }
  const mean = new Float64Array(size);
  for (let i = 0; i < full.length; i++) mean[i % size]! += full[i]! / count;
  for (let at = 0; at < full.length; at += size) addSquare(spread, full.subarray(at, at + size), mean);
  return { mean, covariance: symmetric(spread, size, count) };
}

/** Adds (x − mean)(x − mean)ᵀ to the lower triangle. */
function addSquare(sum: Float64Array, x: Float64Array, mean: Float64Array): void {
  const size = mean.length;
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) sum[i * size + j]! += (x[i]! - mean[i]!) * (x[j]! - mean[j]!);
}

function symmetric(lower: Float64Array, size: number, count: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      const value = lower[Math.max(i, j) * size + Math.min(i, j)]! / count;
      out[i * size + j] = value;
      out[j * size + i] = value;
    }
  return out;
}

/**
 * The covariance with its correlations shrunk: Σ_ij·(1 − share) off the diagonal. Share 1 leaves independent
 * coordinates.
 */
export function shrunk({ mean, covariance }: Gaussian, share: number): Gaussian {
  const size = mean.length;
  if (covariance.length === size) return { mean, covariance };
  const diagonal = Float64Array.from({ length: size }, (_, d) => covariance[d * size + d]!);
  if (share === 1) return { mean, covariance: diagonal };
  const out = covariance.map((value, at) =>
    Math.floor(at / size) === at % size ? value : value * (1 - share),
  );
  return { mean, covariance: out };
}

/** log N(x; mean, covariance) of the values of a row that are there, for rows `[n, D]`; NaN is missing. */
export function gaussianLogDensities(gaussian: Gaussian, rows: Float64Array): Float64Array {
  const size = gaussian.mean.length;
  const conditionalOf = conditionals(gaussian);
  const states = new Uint8Array(size);
  const out = new Float64Array(rows.length / size);
  for (let row = 0; row < out.length; row++) {
    const x = rows.subarray(row * size, (row + 1) * size);
    for (let d = 0; d < size; d++) states[d] = Number.isNaN(x[d]) ? STATES.absent : STATES.generated;
    const { generated, factor, logDeterminant } = conditionalOf(states);
    const z = forwardSolved(
      factor,
      generated.map(d => x[d]! - gaussian.mean[d]!),
    );
    out[row] =
      -logDeterminant -
      0.5 * (z.reduce((sum, value) => sum + value * value, 0) + z.length * Math.log(2 * Math.PI));
  }
  return out;
}

/** L⁻¹x, in place. */
export function forwardSolved(factor: Float64Array, x: number[]): number[] {
  const n = x.length;
  for (let i = 0; i < n; i++) {
    let sum = x[i]!;
    for (let j = 0; j < i; j++) sum -= factor[i * n + j]! * x[j]!;
    x[i] = sum / factor[i * n + i]!;
  }
  return x;
}
