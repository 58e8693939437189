import {
  type BetaSchedule,
  type Options,
  requireBeta,
  requireTimes,
  type Sde,
  smoothnessOf,
  specOf,
  withDefaults,
} from '../src/plugin.ts';

const defaults = {
  /** Where sampling stops, in (0, 1). Default 1e-3. */
  tMin: 1e-3,
};

/**
 * The variance-preserving SDE, the continuous DDPM (Song et al. 2021, eq. 11):
 * dx = −½β(t)x dt + √β(t) dw, so with B = ∫₀ᵗβ: scale = e^{−B/2}, std² = 1 − e^{−B} (eq. 29). Prior N(0, I).
 * Meant for data of about unit variance. `tMin` (default 1e-3) is where sampling stops.
 */
export function vp(schedule: BetaSchedule, options: Options<typeof defaults> = {}): Sde {
  requireBeta('vp', schedule);
  const { tMin } = withDefaults('vp', defaults, options);
  const marginal = (t: number) => {
    const integral = schedule.integral(t);
    return { scale: Math.exp(-0.5 * integral), std: Math.sqrt(-Math.expm1(-integral)) };
  };
  requireTimes('vp', tMin, 1, t => marginal(t).std);
  return Object.freeze({
    name: 'vp',
    ...specOf('vp', schedule, { tMin }),
    ...smoothnessOf(schedule),
    tMin,
    tMax: 1,
    rate: (t: number) => -0.5 * schedule.beta(t),
    diffusion: (t: number) => Math.sqrt(schedule.beta(t)),
    marginal,
    prior: Object.freeze({ std: 1 }),
  });
}
