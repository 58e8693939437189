import { usage } from '../errors.ts';
import type { Sde } from './contract.ts';

/**
 * λ(t) = 2·log(α_t/σ_t), the natural logarithm of the signal-to-noise ratio (twice the λ of DPM-Solver). It
 * falls in t.
 */
export function logSnr(sde: Sde, t: number): number {
  const { scale, std } = sde.marginal(t);
  return 2 * Math.log(scale / std);
}

/**
 * The time in [0, tMax] at which `logSnr` equals `lambda`, with relative precision 1e-12. It uses Newton's
 * method on dλ/dt = −g²/σ², kept inside a shrinking bracket.
 * @throws usage for a value that the SDE never takes
 */
export function timeAtLogSnr(sde: Sde, lambda: number): number {
  let low = 0;
  let high = sde.tMax;
  const top = logSnr(sde, low);
  const bottom = logSnr(sde, high);
  const slack = 1e-12 * Math.max(1, Math.abs(lambda));
  if (!(lambda <= top + slack && lambda >= bottom - slack)) {
    throw usage('no time has this log signal-to-noise ratio', {
      where: sde.name,
      got: lambda,
      expected: `a value in [${bottom}, ${top}]`,
    });
  }
  if (lambda >= top) return low;
  if (lambda <= bottom) return high;
  let t = 0.5 * high;
  for (let i = 0; i < 200; i++) {
    const excess = logSnr(sde, t) - lambda;
    if (excess > 0) low = t;
    else high = t;
    const next = t + excess * (sde.marginal(t).std / sde.diffusion(t)) ** 2;
    if (Math.abs(next - t) <= 1e-15 * t || high - low <= 1e-15 * high) return t;
    t = next > low && next < high ? next : between(low, high);
  }
  return t;
}

/**
 * If the ratio is infinite at t = 0, the solution may be decades smaller: so this halves the exponent and not
 * the value.
 */
const between = (low: number, high: number) => (low > 0 ? Math.sqrt(low * high) : high / 16);
