/** log Σ eᵛ without overflow; −∞ if all v are −∞. */
export function logSumExp(values: ArrayLike<number>): number {
  let top = -Infinity;
  for (let i = 0; i < values.length; i++) top = Math.max(top, values[i]!);
  if (!Number.isFinite(top)) return top;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i]! - top);
  return top + Math.log(sum);
}

/** log of the mean of eᵛ. */
export const logMeanExp = (values: ArrayLike<number>): number => logSumExp(values) - Math.log(values.length);
