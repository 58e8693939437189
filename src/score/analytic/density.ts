import type { Marginal } from '../../sde/contract.ts';

/** −½(log 2πv + d²/v): the log density of N(0, v) at distance d. */
const logNormal = (distance: number, variance: number) =>
  -0.5 * (Math.log(2 * Math.PI * variance) + (distance * distance) / variance);

/**
 * log N(x; scale·mean, scale²·variance + std²) with independent coordinates: the density at one time for data
 * N(mean, variance).
 */
export function logDiffused(
  x: ArrayLike<number>,
  mean: ArrayLike<number>,
  variance: (coordinate: number) => number,
  { scale, std }: Marginal,
): number {
  let total = 0;
  for (let i = 0; i < mean.length; i++) {
    total += logNormal(x[i]! - scale * mean[i]!, scale * scale * variance(i) + std * std);
  }
  return total;
}
