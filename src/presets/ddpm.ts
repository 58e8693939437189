import type { Spec } from '../sde/index.ts';
import type { Preset } from './contract.ts';

/** β from 1e-4 to 0.02 in 1000 equal steps. */
const schedule: Spec = {
  name: 'beta-table',
  betas: Array.from({ length: 1000 }, (_, k) => 1e-4 + ((0.02 - 1e-4) * k) / 999),
};
/**
 * Sampling stops at t = 1/N, the first step of the chain; the last update, to x_0, is the final denoising.
 */
const sde = { name: 'vp', tMin: 1e-3 } as const;

/** 1000 ancestral steps with the variance of the posterior: 999 down to t = 1/N, and the denoising. */
export const ddpm = Object.freeze<Preset>({
  title: 'DDPM (Ho, Jain & Abbeel 2020), CIFAR-10',
  sde,
  schedule,
  objective: { name: 'ddpm' },
  grid: { name: 'uniform', steps: 999 },
  solver: { name: 'ancestral' },
});

/**
 * The same model without noise, in 50 steps that grow as t² (the quadratic spacing that the paper uses for
 * CIFAR-10).
 */
export const ddim = Object.freeze<Preset>({
  title: 'DDIM (Song, Meng & Ermon 2021), CIFAR-10',
  sde,
  schedule,
  objective: { name: 'ddpm' },
  grid: { name: 'quadratic', steps: 49 },
  solver: { name: 'ddim' },
});
