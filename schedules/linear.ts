import { type BetaSchedule, type Options, requireBetween, withDefaults } from '../src/plugin.ts';

const defaults = {
  /** β(0), above 0. Default 0.1. */
  betaMin: 0.1,
  /** β(1), above 0. Default 20. */
  betaMax: 20,
};

/**
 * β(t) = β_min + t(β_max − β_min), the schedule of DDPM in continuous time (Song et al. 2021, eq. 32). With
 * the defaults 0.1 and 20, β(k/N)/N at N = 1000 gives DDPM's table 1e-4 … 0.02.
 */
export function linear(options: Options<typeof defaults> = {}): BetaSchedule {
  const { betaMin, betaMax } = withDefaults('linear', defaults, options);
  requireBetween('linear', 'betaMin', betaMin, 0);
  requireBetween('linear', 'betaMax', betaMax, 0);
  const slope = betaMax - betaMin;
  return Object.freeze({
    kind: 'beta',
    name: 'linear',
    spec: Object.freeze({ name: 'linear', betaMin, betaMax }),
    beta: (t: number) => betaMin + t * slope,
    integral: (t: number) => t * (betaMin + 0.5 * t * slope),
  });
}
