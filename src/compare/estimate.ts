/** A mean over runs, and its standard error if there is more than one run. */
export interface Estimate {
  /** The mean over runs. */
  readonly mean: number;
  /** Its standard error; missing after only one run. */
  readonly standardError?: number;
}

/** The mean of values and the standard error of that mean. */
export function estimate(values: readonly number[]): Estimate {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return { mean };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, standardError: Math.sqrt(variance / n) };
}
