import type { Spec } from '../sde/index.ts';
import type { Preset } from './contract.ts';

/** N levels σ_1 > … > σ_N in geometric progression. */
export const sigmaLevels = (count: number, highest: number, lowest: number): number[] =>
  Array.from({ length: count }, (_, k) => highest * (lowest / highest) ** (k / (count - 1)));

const levels = (count: number, highest: number, lowest: number): Spec => ({
  name: 'sigma-table',
  sigmas: sigmaLevels(count, highest, lowest),
});

/** The factor of `annealed-langevin` for a step size α = rate·(σ/σ_L)²: snr = √(rate/2)/σ_L. */
export const snrOf = (rate: number, lowest: number) => Math.sqrt(rate / 2) / lowest;

const annealed = (rate: number, steps: number) => ({
  name: 'predictor-corrector',
  predictor: 'none',
  corrector: { name: 'annealed-langevin', snr: snrOf(rate, 0.01) },
  steps,
});

/**
 * The score model stops at the smallest level, which is at t = 0. Times have to be above 0, so `tMin` is so
 * small that the difference does not matter. The grid `levels` also visits the largest level, where the chain
 * starts.
 */
const sde = { name: 've', tMin: 1e-9 } as const;

/** Noise conditional score networks: 10 levels from 1 to 0.01, 100 steps at each, step rate 2e-5. */
export const ncsn = Object.freeze<Preset>({
  title: 'NCSN (Song & Ermon 2019), CIFAR-10',
  sde,
  schedule: levels(10, 1, 0.01),
  objective: { name: 'smld' },
  grid: { name: 'levels', steps: 10 },
  solver: annealed(2e-5, 100),
});

/**
 * Improved techniques: 232 levels from 50 to 0.01, 5 steps at each, step rate 6.2e-6, and a final denoising.
 */
export const ncsnv2 = Object.freeze<Preset>({
  title: 'NCSNv2 (Song & Ermon 2020), CIFAR-10',
  sde,
  schedule: levels(232, 50, 0.01),
  objective: { name: 'smld' },
  grid: { name: 'levels', steps: 232 },
  solver: annealed(6.2e-6, 5),
});
