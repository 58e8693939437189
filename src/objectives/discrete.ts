import { usage } from '../errors.ts';
import type { ScoreModel } from '../score/contract.ts';
import type { Sde, Spec } from '../sde/contract.ts';
import type { DiscreteOptions, Objective, ObjectiveOptions } from './contract.ts';
import { denoisingOver } from './denoising.ts';
import { discreteLaw } from './times.ts';

/**
 * L_simple of DDPM (Ho et al. 2020, eq. 14): ‖ε̂ − ε‖² at the N times t = (k + 1)/N of a chain β_0 … β_{N−1},
 * each with equal probability. With the schedule `beta-table` the marginals are exactly those of the chain.
 * As N → ∞ the loss becomes `denoising` with the weighting `noise`.
 */
export function ddpm(sde: Sde, model: ScoreModel, options: DiscreteOptions = {}): Objective {
  const n = levelsOf('ddpm', sde, options);
  const times = Float64Array.from({ length: n }, (_, k) => ((k + 1) / n) * sde.tMax);
  return denoisingOver('ddpm', discreteLaw(times), sde, model, { weighting: 'noise', ...options });
}

/**
 * The loss of NCSN (Song & Ermon 2019, eq. 5 and 6): σ²·‖score + ε/σ‖² over N noise levels, each with equal
 * probability. Level k (from the smallest) is at t = k/(N − 1). With the schedule `sigma-table` the levels
 * are those of the table.
 */
export function smld(sde: Sde, model: ScoreModel, options: DiscreteOptions = {}): Objective {
  const n = levelsOf('smld', sde, options);
  const times = Float64Array.from({ length: n }, (_, k) => (n === 1 ? 1 : k / (n - 1)) * sde.tMax);
  if (!(sde.marginal(times[0]!).std > 0)) {
    throw usage('the smallest level has no noise, so it has no score', {
      where: `smld with ${sde.name}`,
      remedy: 'Take the SDE ve, or the objective ddpm',
    });
  }
  return denoisingOver('smld', discreteLaw(times), sde, model, { weighting: 'noise', ...options });
}

function levelsOf(where: string, sde: Sde, { levels = tableLength(sde) ?? 1000 }: ObjectiveOptions): number {
  if (Number.isInteger(levels) && levels > 0) return levels;
  throw usage('the number of levels has to be a whole number above 0', { where, got: levels });
}

/** The number of entries of the table of a discrete schedule. */
function tableLength(sde: Sde): number | undefined {
  const schedule = sde.spec?.schedule as Spec | undefined;
  const table = schedule?.betas ?? schedule?.sigmas;
  return Array.isArray(table) ? table.length : undefined;
}
