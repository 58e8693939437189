import type { Preset } from './contract.ts';

/**
 * σ from 0.002 to 80, trained at log-normal noise levels, sampled by Heun's method on 18 levels of the ρ = 7
 * grid: 17 steps of two evaluations each. The last step, to σ = 0, has one evaluation, which is the final
 * denoising. That makes 35 evaluations.
 *
 * The paper's P_mean = −1.2 at σ_data = ½ is −1.2 + log 2 for data of unit variance, which langevin uses. The
 * paper's preconditioning is the default prediction, `predicts: 'velocity'`, under `ve`.
 */
export const edm = Object.freeze<Preset>({
  title: 'EDM (Karras et al. 2022), CIFAR-10',
  sde: { name: 've', tMin: 1e-9 },
  schedule: { name: 'edm', sigmaMin: 0.002, sigmaMax: 80 },
  objective: { name: 'denoising', times: 'log-normal', logMean: -1.2 + Math.LN2, logStd: 1.2, epsilon: 1e-9 },
  grid: { name: 'karras', steps: 17 },
  solver: { name: 'edm-heun' },
});
