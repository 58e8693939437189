import { solvers as methods, none, withCorrector } from '../../solvers/index.ts';
import type { Solver } from '../solve/contract.ts';
import { looksLikeSolver, requireSolver } from '../solve/validate.ts';
import { make, type Named, type NamedIn, type Table } from './named.ts';

const predictors = { ...chosen(solver => !solver.corrects), none };
const correctors = chosen(solver => solver.corrects === true);

/**
 * The solvers that a predictor-corrector can be put together from, by name.
 * @interface
 */
export type SolverMethods = typeof methods;

/** What may stand for a part: a name, a name with its options, or a solver. */
export type SolverPart = NamedIn<SolverMethods> | Solver;

/** What `predictor-corrector` is put together from; plain JSON will do. */
export interface PredictorCorrectorOptions {
  /** A solver that moves x from one time to another, or `none`; default `reverse-diffusion`. */
  readonly predictor?: SolverPart | 'none' | undefined;
  /** A solver that improves x at the time it has reached; default `langevin`. */
  readonly corrector?: SolverPart | undefined;
  /** Signal-to-noise ratio of a corrector given by its bare name; its own default otherwise. */
  readonly snr?: number | undefined;
  /** Corrector steps after each predictor step; default 1. */
  readonly steps?: number | undefined;
}

/**
 * Predictor-corrector sampling (Song et al. 2021, algorithm 1) by the names of its parts: `withCorrector` of
 * reverse diffusion and Langevin unless others are asked for.
 * @throws usage for an unknown name, and for a corrector where a predictor belongs or the reverse
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

/** The solvers that declare what is wanted of them. */
function chosen(fits: (solver: Solver) => boolean): Table<Solver> {
  return Object.fromEntries(Object.entries(methods).filter(([, factory]) => fits(factory())));
}
