import { solvers as methods } from '../../solvers/index.ts';
import type { Solver } from '../solve/contract.ts';
import { looksLikeSolver, requireSolver } from '../solve/validate.ts';
import { make, type Named, type NamedIn } from './named.ts';
import { predictorCorrector } from './predictor-corrector.ts';

/** Every solver by name: `(options?) => frozen solver`. */
export const solvers = Object.freeze({ ...methods, 'predictor-corrector': predictorCorrector });

/** A name in `solvers`. */
export type SolverName = keyof typeof solvers;

/** A solver: a name, a name with its options, or a solver of your own. */
export type SolverSpec = NamedIn<typeof solvers> | Solver;

/**
 * Makes a solver from a name (`"heun"`), a name with options (`{ name: "predictor-corrector", snr: 0.1 }`) or
 * a value.
 * @throws usage for an unknown name (the error suggests the nearest one), a wrong option, or a value that is
 * not a solver
 */
export function makeSolver(spec: SolverSpec): Solver {
  if (typeof spec === 'object' && spec !== null && looksLikeSolver(spec)) return requireSolver(spec);
  return make('solver', solvers, spec as string | Named);
}
