import { type Options, requireBetween, requireTimes, type Sde, withDefaults } from '../src/plugin.ts';

const defaults = {
  /** Where sampling stops, in (0, tMax). Default 1e-3. */
  tMin: 1e-3,
  /** Where sampling begins, below 1. Default 1 - 1e-3. */
  tMax: 1 - 1e-3,
};

/**
 * The SDE whose marginals are those of rectified flow and flow matching, x_t = (1 − t)x_0 + t·z, a straight
 * path from data to noise (Liu et al. 2023; Lipman et al. 2023): dx = −x/(1 − t) dt + √(2t/(1 − t)) dw, scale
 * = 1 − t, std = t. The drift diverges at t = 1, where scale is 0. So time ends at `tMax` (default 0.999),
 * and the prior is N(0, tMax² I).
 */
export function rectifiedFlow(options: Options<typeof defaults> = {}): Sde {
  const { tMin, tMax } = withDefaults('rectified-flow', defaults, options);
  requireBetween('rectified-flow', 'tMax', tMax, 0, 1);
  requireTimes('rectified-flow', tMin, tMax, t => t);
  return Object.freeze({
    name: 'rectified-flow',
    spec: Object.freeze({ name: 'rectified-flow', tMin, tMax }),
    tMin,
    tMax,
    rate: (t: number) => -1 / (1 - t),
    diffusion: (t: number) => Math.sqrt((2 * t) / (1 - t)),
    marginal: (t: number) => ({ scale: 1 - t, std: t }),
    prior: Object.freeze({ std: tMax }),
  });
}
