export interface RateOptions {
  readonly learningRate: number;
  /** Steps of linear warm-up. */
  readonly warmup: number;
  /** `cosine` falls to zero at the last step; `none` stays constant; `power` falls as (1 + k/warmup)^{−γ}. */
  readonly decay: 'cosine' | 'none' | 'power';
  /**
   * γ of the decay `power`. Its steps sum to infinity and their squares do not for ½ < γ ≤ 1. Default 0.55.
   */
  readonly power?: number;
  readonly steps: number;
}

/**
 * The learning rate of step `step` (0-based): linear warm-up, then constant or a half cosine to zero; or a
 * power.
 */
export function rateAt(step: number, options: RateOptions): number {
  const { learningRate, warmup, decay, power = 0.55, steps } = options;
  if (decay === 'power') return learningRate * (1 + step / Math.max(1, warmup)) ** -power;
  const rise = warmup > 0 ? Math.min(1, (step + 1) / warmup) : 1;
  const fall = decay === 'cosine' ? 0.5 * (1 + Math.cos((Math.PI * step) / steps)) : 1;
  return learningRate * rise * fall;
}

/** EMA decay with warm-up: min(decay, (1 + step)/(10 + step)), so that early weights are forgotten. */
export const emaDecayAt = (step: number, decay: number): number => Math.min(decay, (1 + step) / (10 + step));
