import { solvers as methods, none, withCorrector } from '../../solvers/index.ts';
import type { Solver } from '../solve/contract.ts';
import { looksLikeSolver, requireSolver } from '../solve/validate.ts';
import { make, type Named, type NamedIn, type Table } from './named.ts';

const predictors = { ...solversWhere(solver => !solver.corrects), none };
const correctors = solversWhere(solver => solver.corrects === true);

/**
 * The solvers that can be parts of a predictor-corrector, by name.
 * @interface
 */
export type SolverMethods = typeof methods;

/** A part of a predictor-corrector: a name, a name with its options, or a solver. */
export type SolverPart = NamedIn<SolverMethods> | Solver;

/** The parts and options of `predictor-corrector`; plain JSON is enough. */
export interface PredictorCorrectorOptions {
  /** A solver that moves x from one time to another, or `none`; default `reverse-diffusion`. */
  readonly predictor?: SolverPart | 'none' | undefined;
  /** A solver that improves x at the time it has reached; default `langevin`. */
  readonly corrector?: SolverPart | undefined;
  /** Signal-to-noise ratio of a corrector that is a bare name; by default that of the corrector. */
  readonly snr?: number | undefined;
  /** Corrector steps after each predictor step; default 1. */
  readonly steps?: number | undefined;
}

/**
 * Predictor-corrector sampling (Song et al. 2021, algorithm 1) from the names of its parts: `withCorrector`,
 * by default of reverse diffusion and Langevin.
 * @throws usage for an unknown name, and for a corrector in the place of a predictor or the reverse
 */
export function predictorCorrector(options: PredictorCorrectorOptions = {}): Solver {
  const { predictor = 'reverse-diffusion', corrector = 'langevin', snr, ...rest } = options;
  const correct = typeof corrector === 'string' && snr !== undefined ? { name: corrector, snr } : corrector;
  const solver = withCorrector(
    part('predictor', predictors, predictor),
    part('corrector', correctors, correct),
    rest,
  );
  return Object.freeze({ ...solver, name: 'predictor-corrector' });
}

function part(what: string, table: Table<Solver>, spec: string | Named | Solver): Solver {
  if (typeof spec !== 'string' && looksLikeSolver(spec)) return requireSolver(spec);
  return make(what, table, spec as string | Named);
}

/** The solvers for which `fits` holds. */
function solversWhere(fits: (solver: Solver) => boolean): Table<Solver> {
  return Object.fromEntries(Object.entries(methods).filter(([, factory]) => fits(factory())));
}
