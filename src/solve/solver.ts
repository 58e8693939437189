import { solvers } from '../../solvers/index.ts';
import type { Solver } from './contract.ts';
import { fromTable, type SolverSpec } from './validate.ts';

/**
 * A solver by name (`"heun"`), by name with options (`{ name: "predictor-corrector", snr: 0.1 }`) or by value.
 * @throws usage error for an unknown name (with the nearest known), a wrong option, or a value that is no solver
 */
export const makeSolver = (spec: string | SolverSpec | Solver): Solver => fromTable('solver', solvers, spec);
