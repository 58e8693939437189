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
export const timeAtLogSnr = (sde: Sde, lambda: number): number =>
  timeBetween(sde, lambda, 0, sde.tMax, 0.5 * sde.tMax);

/**
 * The time in [from, tMax] at which σ/α is `noise`. `name` is that of the option in errors.
 * @throws usage for a noise level that the SDE does not have there
 */
export function timeAtNoise(sde: Sde, noise: number, name: string, from = 0): number {
  const ratio = (t: number) => sde.marginal(t).std / sde.marginal(t).scale;
  const [least, most] = [ratio(from), ratio(sde.tMax)];
  if (noise > 0 && noise >= least && noise <= most)
    return Math.min(sde.tMax, Math.max(from, timeAtLogSnr(sde, -2 * Math.log(noise))));
  const [low, high] = [least, most].map(value => Number(value.toPrecision(3)));
  throw usage('There is no such noise level', {
    where: name,
    got: noise,
    expected: least > 0 ? `${low} to ${high}` : `above 0, at most ${high}`,
  });
}

/** {@link timeAtLogSnr} for many values: each search begins between two of a table of times. */
export function logSnrInverse(sde: Sde): (lambda: number) => number {
  const shares = Array.from({ length: ENTRIES }, (_, k) => [k / ENTRIES, 1e-8 ** (1 - k / ENTRIES)]);
  const times = [0, ...shares.flat().filter(share => share > 0), 1]
    .map(share => share * sde.tMax)
    .sort((a, b) => a - b);
  const ratios = times.map(t => logSnr(sde, t));
  return lambda => {
    let [low, high] = [0, times.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (ratios[middle]! > lambda) low = middle;
      else high = middle;
    }
    return timeBetween(sde, lambda, times[low]!, times[high]!, 0.5 * (times[low]! + times[high]!));
  };
}

/** Entries of the table, equally spaced in t, and as many in log t. */
const ENTRIES = 256;

function timeBetween(sde: Sde, lambda: number, from: number, to: number, start: number): number {
  let [low, high, t] = [from, to, start];
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
