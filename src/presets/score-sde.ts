import type { Preset } from './contract.ts';

const objective = { name: 'denoising', weighting: 'noise' } as const;
const grid = { name: 'uniform', steps: 1000 } as const;
const linear = { name: 'linear', betaMin: 0.1, betaMax: 20 } as const;

/**
 * σ from 0.01 to 50; reverse diffusion with one Langevin step of signal-to-noise ratio 0.16 as the corrector.
 */
export const scoreSdeVe = Object.freeze<Preset>({
  title: 'VE with predictor-corrector (Song et al. 2021), CIFAR-10',
  sde: { name: 've', tMin: 1e-5 },
  schedule: { name: 'geometric', sigmaMin: 0.01, sigmaMax: 50 },
  objective,
  grid,
  solver: {
    name: 'predictor-corrector',
    predictor: 'reverse-diffusion',
    corrector: 'langevin',
    snr: 0.16,
    steps: 1,
  },
});

/** β from 0.1 to 20, Euler-Maruyama without a corrector. */
export const scoreSdeVp = Object.freeze<Preset>({
  title: 'VP (Song et al. 2021), CIFAR-10',
  sde: { name: 'vp', tMin: 1e-3 },
  schedule: linear,
  objective,
  grid,
  solver: { name: 'euler-maruyama' },
});

/** The same with less noise, for likelihoods. */
export const scoreSdeSubVp = Object.freeze<Preset>({
  title: 'sub-VP (Song et al. 2021), CIFAR-10',
  sde: { name: 'sub-vp', tMin: 1e-3 },
  schedule: linear,
  objective,
  grid,
  solver: { name: 'euler-maruyama' },
});
