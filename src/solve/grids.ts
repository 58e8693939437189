import { usage } from '../errors.ts';
import type { Sde } from '../sde/contract.ts';
import { logSnr, timeAtLogSnr } from '../sde/log-snr.ts';
import type { Grid } from './contract.ts';

const between = (steps: number, from: number, to: number, at: (u: number) => number): Float64Array => {
  const times = Float64Array.from({ length: steps + 1 }, (_, i) => at(i / steps));
  times[0] = from;
  times[steps] = to;
  return times;
};

/** tᵢ = from + i/N·(to − from) */
export const uniform = (): Grid => (_sde, steps, from, to) =>
  between(steps, from, to, u => from + u * (to - from));

/** √t uniform: finer towards t = 0, as DDIM's quadratic grid. */
export const quadratic = (): Grid => (_sde, steps, from, to) =>
  between(steps, from, to, u => (Math.sqrt(from) + u * (Math.sqrt(to) - Math.sqrt(from))) ** 2);

/** λ(t) = log(scale²/std²) uniform (DPM-Solver, Lu et al. 2022). */
export const logSnrUniform = (): Grid => (sde, steps, from, to) => {
  const [a, b] = [logSnr(sde, from), logSnr(sde, to)];
  return between(steps, from, to, u => timeAtLogSnr(sde, a + u * (b - a)));
};

/** σ^(1/ρ) uniform for σ = std/scale (Karras et al. 2022, eq. 5); ρ = 7 by default. ρ → ∞ is `log-snr`. */
export const karras =
  ({ rho = 7 }: { rho?: number } = {}): Grid =>
  (sde, steps, from, to) => {
    const root = (t: number) => Math.exp(-logSnr(sde, t) / 2 / rho);
    const [a, b] = [root(from), root(to)];
    return between(steps, from, to, u => timeAtLogSnr(sde, -2 * rho * Math.log(a + u * (b - a))));
  };

/**
 * Equally spaced as `uniform`, but with `from` itself among the times to arrive at: the first step leads no farther than to
 * the next number after `from`. For correctors, which work at the time they reach: N steps visit N levels.
 */
export const levels = (): Grid => (_sde, steps, from, to) => {
  const start = from + (to - from) * 2 * Number.EPSILON;
  return between(steps, from, to, u =>
    u === 0 ? from : start + ((u * steps - 1) / (steps - 1)) * (to - start),
  );
};

/** Every time grid by name: a factory of a function (sde, steps, from, to) => times. */
export const grids = Object.freeze({ uniform, quadratic, 'log-snr': logSnrUniform, karras, levels });
const MOST_STEPS = 10_000_000;

/** The times of a solve, checked: strictly monotone and inside the range of the SDE. */
export function timesOf(sde: Sde, grid: Grid, steps: number, from: number, to: number): Float64Array {
  if (!Number.isInteger(steps) || steps < 1 || steps > MOST_STEPS) {
    throw usage('The number of steps is not one a grid can have', {
      where: 'steps',
      got: steps,
      expected: `a whole number from 1 to ${MOST_STEPS.toLocaleString('en')}`,
    });
  }
  const times = grid(sde, steps, from, to);
  const direction = Math.sign(to - from);
  const ordered = times.every((t, i) => i === 0 || Math.sign(t - times[i - 1]!) === direction);
  if (!ordered)
    throw usage('The time grid is not strictly monotone', {
      where: 'grid',
      got: times.slice(0, 5).join(', '),
    });
  return times;
}
