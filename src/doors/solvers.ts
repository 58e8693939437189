/**
 * Solvers and time grids, by name and as values, and sampling of any model with them.
 * @module langevin/solvers
 */
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
  mala as malaCorrector,
  none as noPredictor,
  preconditionedLangevin,
  reverseDiffusion,
  rk4,
  rk45,
  rungeKutta,
  saSolver,
  type Tableau,
  tsit5,
  unipc,
  withCorrector,
} from '../../solvers/index.ts';
export { type GridName, type GridSpec, makeGrid } from '../registry/grids.ts';
export { optimisedGrid, type PilotOptions } from '../registry/optimised-grid.ts';
export type { SolverMethods, SolverPart } from '../registry/predictor-corrector.ts';
export { type PredictorCorrectorOptions, predictorCorrector } from '../registry/predictor-corrector.ts';
export { makeSolver, type SolverName, type SolverSpec, solvers } from '../registry/solvers.ts';
export type { Tolerances } from '../solve/adaptive.ts';
export type { BatchOptions, BatchProgress } from '../solve/batches.ts';
export { type ScoreSdeOptions, type ScoreSdeSampler, scoreSdeSampler } from '../solve/compat.ts';
export type {
  Grid,
  Path,
  PathFactory,
  Problem,
  Solver,
  StepAddress,
  StepArguments,
  StepResult,
} from '../solve/contract.ts';
export { grids, type NoOptions } from '../solve/grids.ts';
export type { GridPilot } from '../solve/optimised-grid.ts';
export type { SolveOptions } from '../solve/sample.ts';
export { type SampleOptions, type Samples, sample as modelSample } from '../solve/sample.ts';
export { type TabledGrid, tabled as tabledGrid } from '../solve/tabled-grid.ts';
