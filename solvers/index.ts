import { correctors, integrators } from './parts.ts';
import { predictorCorrector } from './predictor-corrector.ts';

/** Every solver by name: `(options?) => frozen solver`. */
export const solvers = { ...integrators, ...correctors, 'predictor-corrector': predictorCorrector };

export type SolverName = keyof typeof solvers;

export { annealedLangevin } from './annealed-langevin.ts';
export { euler } from './euler.ts';
export { eulerMaruyama } from './euler-maruyama.ts';
export { heun } from './heun.ts';
export { langevin } from './langevin.ts';
export { none } from './none.ts';
export { type PredictorCorrectorOptions, predictorCorrector } from './predictor-corrector.ts';
export { reverseDiffusion } from './reverse-diffusion.ts';
export { rk45 } from './rk45.ts';
export { rungeKutta, type Tableau } from './runge-kutta.ts';
export { withCorrector } from './with-corrector.ts';
