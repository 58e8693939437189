/** The mean of values; NaN for none. */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** The mean of n values and its standard error, √(Σ(x − mean)²/(n − 1)/n); null for one value. */
export function meanAndError(values: ArrayLike<number>): { mean: number; standardError: number | null } {
  const count = values.length;
  const mean = meanOf(values);
  if (count < 2) return { mean, standardError: null };
  const variance = squaresAround(mean, values) / (count - 1);
  return { mean, standardError: Math.sqrt(variance / count) };
}

/** The standard deviation of values, √(Σ(x − mean)²/n). */
export const deviationOf = (values: ArrayLike<number>): number =>
  Math.sqrt(squaresAround(meanOf(values), values) / values.length);

function squaresAround(mean: number, values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - mean) ** 2;
  return sum;
}
