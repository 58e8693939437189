import { type Options, type Solver, usage, withDefaults } from '../src/plugin.ts';
import { gaussianPosterior } from './frames/gaussian-posterior.ts';

const defaults = {
  /** η, from 0 (DDIM) to 1 (DDPM). Default 1. */
  eta: 1,
};

/**
 * Ancestral sampling with the exact Gaussian posterior between any two times of any SDE. (α, σ) is the
 * marginal, x̂ the predicted data and v = σ_s²τ²/σ_t² the variance of x_s given x_t and x_0, where τ² is the
 * variance of x_t given x_s:
 * x_s = α_s·x̂ + √(σ_s² − η²v)·(x_t − α_t·x̂)/σ_t + η√v·z.
 * η = 1 (default) is DDPM (Ho et al. 2020, eq. 6 and 7) and, for VE, the ancestral sampler of Song et al.
 * (2021, eq. 47); η = 0 is DDIM (Song, Meng & Ermon 2021, eq. 12). Weak order 1, one evaluation a step.
 */
export function ancestral(options: Options<typeof defaults> = {}): Solver {
  const { eta } = withDefaults('ancestral', defaults, options);
  if (!(eta >= 0 && eta <= 1)) {
    throw usage('option "eta" is out of range', {
      where: 'ancestral',
      got: eta,
      expected: '0 (DDIM) to 1 (DDPM)',
    });
  }
  return gaussianPosterior('ancestral', eta);
}
