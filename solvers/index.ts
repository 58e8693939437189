import { correctors, integrators } from './parts.ts';
import { predictorCorrector } from './predictor-corrector.ts';

/** Every solver by name: `(options?) => frozen solver`. */
export const solvers = { ...integrators, ...correctors, 'predictor-corrector': predictorCorrector };

/** A name in `solvers`. */
export type SolverName = keyof typeof solvers;

export { ancestral, ddim } from './ancestral.ts';
export { annealedLangevin } from './annealed-langevin.ts';
export { deis } from './deis.ts';
export { dpmSolver } from './dpm-solver.ts';
export { dpmSolverSde } from './dpm-solver-sde.ts';
export { edmHeun } from './edm-heun.ts';
export { euler } from './euler.ts';
export { eulerMaruyama } from './euler-maruyama.ts';
export { gottaGoFast } from './gotta-go-fast.ts';
export { heun } from './heun.ts';
export { langevin } from './langevin.ts';
export { none } from './none.ts';
export { preconditionedLangevin } from './preconditioned-langevin.ts';
export { type PredictorCorrectorOptions, predictorCorrector } from './predictor-corrector.ts';
export { reverseDiffusion } from './reverse-diffusion.ts';
export { rk4 } from './rk4.ts';
export { rk45 } from './rk45.ts';
export { rungeKutta, type Tableau } from './runge-kutta.ts';
export { saSolver } from './sa-solver.ts';
export { tsit5 } from './tsit5.ts';
export { unipc } from './unipc.ts';
export { withCorrector } from './with-corrector.ts';
