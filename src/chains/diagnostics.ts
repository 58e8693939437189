/** What the draws of several chains say about one number of the target. */
export interface Diagnosis {
  /** Mean over all draws. */
  readonly mean: number;
  /** Standard deviation over all draws. */
  readonly std: number;
  /** Independent draws that would give the mean as precisely. */
  readonly effectiveSize: number;
  /** std/√effectiveSize: the standard error of the mean. */
  readonly standardError: number;
  /**
   * √(variance of all over variance within), of the halves of the chains: 1 if all have one distribution,
   * above 1.01 if they do not.
   */
  readonly splitRhat: number;
}

/**
 * Effective sample size and split-R̂ (Gelman et al. 2013, §11.4 and 11.5). Each chain is cut in half. W is
 * the mean variance within the 2M halves of n draws, B/n the variance of their means, V = W(n − 1)/n + B/n,
 * R̂ = √(V/W). The size is 2Mn/τ with τ = −1 + 2Σ(ρ₂ₖ + ρ₂ₖ₊₁) over Geyer's initial positive and monotone
 * sums, ρ_t = 1 − (W − mean autocovariance_t)/V (Geyer 1992; Vehtari et al. 2021). Antithetic draws may count
 * for more than one each.
 *
 * `values`: [draws, chains], row-major; an odd last draw is left out. NaN for fewer than four draws.
 */
export function diagnose(values: ArrayLike<number>, chains: number): Diagnosis {
  const draws = Math.floor(values.length / chains);
  const halves = halvesOf(values, draws, chains);
  const n = halves[0]!.length;
  const means = halves.map(average);
  const mean = average(means);
  const within = average(halves.map((half, k) => covariance(half, means[k]!, 0) * (n / (n - 1))));
  const between = means.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (means.length - 1);
  const total = within * ((n - 1) / n) + between;
  if (n < 4 || !(total > 0)) {
    const std = Math.sqrt(total);
    return {
      mean,
      std,
      effectiveSize: Number.NaN,
      standardError: Number.NaN,
      splitRhat: Number.NaN,
    };
  }
  const correlation = (lag: number) =>
    1 - (within - average(halves.map((half, k) => covariance(half, means[k]!, lag)))) / total;
  const size = (halves.length * n) / Math.max(relaxation(correlation, n), 1 / Math.log10(halves.length * n));
  const std = Math.sqrt(total);
  return {
    mean,
    std,
    effectiveSize: size,
    standardError: std / Math.sqrt(size),
    splitRhat: Math.sqrt(total / within),
  };
}

/** τ = −1 + 2Σ of the sums of two neighbouring correlations, as long as these are positive, never rising. */
function relaxation(correlation: (lag: number) => number, n: number): number {
  let [sum, least] = [-1, Number.POSITIVE_INFINITY];
  for (let lag = 0; lag + 1 < n; lag += 2) {
    const pair = (lag === 0 ? 1 : correlation(lag)) + correlation(lag + 1);
    if (!(pair > 0)) break;
    least = Math.min(least, pair);
    sum += 2 * least;
  }
  return sum;
}

function halvesOf(values: ArrayLike<number>, draws: number, chains: number): Float64Array[] {
  const n = Math.floor(draws / 2);
  return Array.from({ length: 2 * chains }, (_, k) => {
    const [chain, from] = [k % chains, k < chains ? 0 : draws - n];
    return Float64Array.from({ length: n }, (_, i) => values[(from + i) * chains + chain]!);
  });
}

const average = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
};

/** Σ (xᵢ − m)(xᵢ₊lag − m)/n */
function covariance(values: Float64Array, mean: number, lag: number): number {
  let sum = 0;
  for (let i = 0; i + lag < values.length; i++) sum += (values[i]! - mean) * (values[i + lag]! - mean);
  return sum / values.length;
}
