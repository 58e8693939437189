import { type BetaSchedule, type Options, requireBetween, withDefaults } from '../src/plugin.ts';

const defaults = {
  /** β far before the middle, above 0. Default 0.1. */
  betaMin: 0.1,
  /** β far after the middle, above 0. Default 20. */
  betaMax: 20,
  /** k, above 0 and below 300: the larger it is, the faster β changes in the middle. Default 6. */
  steepness: 6,
};

/**
 * β(t) = β_min + (β_max − β_min)·sigmoid(k(2t − 1)), the rate of GeoDiff (Xu et al. 2022) in continuous time,
 * which changes slowly at both ends. `steepness` is k; defaults 0.1, 20 and 6. ∫₀ᵗ sigmoid(k(2u − 1)) du =
 * log(1 + sigmoid(−k)(e^{2kt} − 1))/(2k).
 */
export function sigmoid(options: Options<typeof defaults> = {}): BetaSchedule {
  const { betaMin, betaMax, steepness } = withDefaults('sigmoid', defaults, options);
  requireBetween('sigmoid', 'betaMin', betaMin, 0);
  requireBetween('sigmoid', 'betaMax', betaMax, 0);
  requireBetween('sigmoid', 'steepness', steepness, 0, 300);
  const k = steepness;
  const height = betaMax - betaMin;
  const foot = 1 / (1 + Math.exp(k));
  return Object.freeze({
    kind: 'beta',
    name: 'sigmoid',
    spec: Object.freeze({ name: 'sigmoid', betaMin, betaMax, steepness }),
    beta: (t: number) => betaMin + height / (1 + Math.exp(k * (1 - 2 * t))),
    integral: (t: number) => betaMin * t + (height * Math.log1p(foot * Math.expm1(2 * k * t))) / (2 * k),
  });
}
