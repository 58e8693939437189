import { annealedLangevin } from './annealed-langevin.ts';
import { euler } from './euler.ts';
import { eulerMaruyama } from './euler-maruyama.ts';
import { heun } from './heun.ts';
import { langevin } from './langevin.ts';
import { none } from './none.ts';
import { reverseDiffusion } from './reverse-diffusion.ts';
import { rk45 } from './rk45.ts';

/** Solvers that carry x from one time to another, by name. */
export const integrators = {
  euler: euler,
  heun: heun,
  rk45: rk45,
  'euler-maruyama': eulerMaruyama,
  'reverse-diffusion': reverseDiffusion,
};

/** Solvers that improve x at the time it has reached. */
export const correctors = {
  langevin: langevin,
  'annealed-langevin': annealedLangevin,
};

export const predictors = { ...integrators, none: none };
