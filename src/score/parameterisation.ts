import type { Sde } from '../sde/contract.ts';
import { logSnr } from '../sde/log-snr.ts';
import type { NoiseForm, Prediction } from './contract.ts';

/**
 * The conversion between a network and an SDE, at one time, with c = √(scale² + std²), α = scale/c, σ =
 * std/c. The network sees x_t/c, whose variance is 1 for standardised data. So every SDE looks the same to
 * it.
 */
export interface Parameterisation {
  /** 1/c; absent if c is 1 at all times, that is, if the SDE preserves the variance. */
  readonly inputScale?: (t: number) => number;
  /** log(std/scale), a number of order one: the network's input in place of t. */
  condition(t: number): number;
  /** E[ε|x_t] = a·x_t + b·F */
  noiseForm(t: number): NoiseForm;
}

/**
 * - `noise`: F = ε (Ho et al. 2020)
 * - `data`: F = x₀
 * - `velocity`: F = α·ε − σ·x₀ (Salimans & Ho 2022); for VE this is EDM's preconditioning with σ_data = 1
 *   (Karras et al. 2022)
 * - `score`: F = ∇ log p_t = −ε/std
 */
export function parameterise(sde: Sde, predicts: Prediction): Parameterisation {
  const unit = (t: number) => {
    const { scale, std } = sde.marginal(t);
    return { scale, std, c: Math.sqrt(scale * scale + std * std) };
  };
  const forms: Record<Prediction, (t: number) => NoiseForm> = {
    noise: () => ({ a: 0, b: 1 }),
    data: t => {
      const { scale, std } = unit(t);
      return { a: 1 / std, b: -scale / std };
    },
    velocity: t => {
      const { scale, std, c } = unit(t);
      return { a: std / (c * c), b: scale / c };
    },
    score: t => ({ a: 0, b: -unit(t).std }),
  };
  return Object.freeze({
    ...(!preservesVariance(sde) && { inputScale: (t: number) => 1 / unit(t).c }),
    condition: (t: number) => -0.5 * logSnr(sde, t),
    noiseForm: forms[predicts],
  });
}

/** Whether scale² + std² is 1 (up to rounding) at all times. */
function preservesVariance(sde: Sde): boolean {
  const parts = Array.from({ length: 9 }, (_, i) => i / 8);
  return parts.every(part => {
    const { scale, std } = sde.marginal(sde.tMin + part * (sde.tMax - sde.tMin));
    return Math.abs(scale * scale + std * std - 1) < 1e-12;
  });
}
