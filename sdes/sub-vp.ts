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
 * The sub-VP SDE (Song et al. 2021, eq. 12): the drift of `vp` with less noise, which favours likelihoods.
 * dx = −½β(t)x dt + √(β(t)(1 − e^{−2B})) dw with B = ∫₀ᵗβ; scale = e^{−B/2}, std = 1 − e^{−B} (not its square
 * root). Prior N(0, I). `tMin` (default 1e-3) is where sampling stops. There std is about the square of that
 * of `vp`.
 */
export function subVp(schedule: BetaSchedule, options: Options<typeof defaults> = {}): Sde {
  requireBeta('sub-vp', schedule);
  const { tMin } = withDefaults('sub-vp', defaults, options);
  const marginal = (t: number) => {
    const integral = schedule.integral(t);
    return { scale: Math.exp(-0.5 * integral), std: -Math.expm1(-integral) };
  };
  requireTimes('sub-vp', tMin, 1, t => marginal(t).std);
  return Object.freeze({
    name: 'sub-vp',
    ...specOf('sub-vp', schedule, { tMin }),
    ...smoothnessOf(schedule),
    tMin,
    tMax: 1,
    rate: (t: number) => -0.5 * schedule.beta(t),
    diffusion: (t: number) => Math.sqrt(-schedule.beta(t) * Math.expm1(-2 * schedule.integral(t))),
    marginal,
    prior: Object.freeze({ std: 1 }),
  });
}
