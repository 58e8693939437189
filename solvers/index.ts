import { ancestral } from './ancestral.ts';
import { annealedLangevin } from './annealed-langevin.ts';
import { ddim } from './ddim.ts';
import { deis } from './deis.ts';
import { dpmSolver } from './dpm-solver.ts';
import { dpmSolverSde } from './dpm-solver-sde.ts';
import { edmHeun } from './edm-heun.ts';
import { euler } from './euler.ts';
import { eulerMaruyama } from './euler-maruyama.ts';
import { gottaGoFast } from './gotta-go-fast.ts';
import { heun } from './heun.ts';
import { langevin } from './langevin.ts';
import { mala } from './mala.ts';
import { none } from './none.ts';
import { preconditionedLangevin } from './preconditioned-langevin.ts';
import { reverseDiffusion } from './reverse-diffusion.ts';
import { rk4 } from './rk4.ts';
import { probabilityFlow, rk45 } from './rk45.ts';
import { saSolver } from './sa-solver.ts';
import { tsit5 } from './tsit5.ts';
import { unipc } from './unipc.ts';

/** One row for each solver: its name and its factory, `(options?) => frozen solver`. */
export const solvers = {
  euler: euler,
  heun: heun,
  rk4: rk4,
  rk45: rk45,
  tsit5: tsit5,
  'probability-flow': probabilityFlow,
  ddim: ddim,
  'dpm-solver++': dpmSolver,
  unipc: unipc,
  deis: deis,
  'edm-heun': edmHeun,
  'euler-maruyama': eulerMaruyama,
  'reverse-diffusion': reverseDiffusion,
  ancestral: ancestral,
  'dpm-solver++-sde': dpmSolverSde,
  'sa-solver': saSolver,
  'gotta-go-fast': gottaGoFast,
  langevin: langevin,
  mala: mala,
  'annealed-langevin': annealedLangevin,
  'preconditioned-langevin': preconditionedLangevin,
};

export { rungeKutta, type Tableau } from './frames/runge-kutta.ts';
export { withCorrector } from './frames/with-corrector.ts';
export {
  ancestral,
  annealedLangevin,
  ddim,
  deis,
  dpmSolver,
  dpmSolverSde,
  edmHeun,
  euler,
  eulerMaruyama,
  gottaGoFast,
  heun,
  langevin,
  mala,
  none,
  preconditionedLangevin,
  probabilityFlow,
  reverseDiffusion,
  rk4,
  rk45,
  saSolver,
  tsit5,
  unipc,
};
