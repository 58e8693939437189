import { fromTable, type Solver, type SolverSpec } from '../src/plugin.ts';
import { correctors, predictors } from './parts.ts';
import { withCorrector } from './with-corrector.ts';

/** What `predictor-corrector` is put together from; plain JSON will do. */
export interface PredictorCorrectorOptions {
  /** A name, a name with options, or a solver; default `reverse-diffusion`. */
  readonly predictor?: string | SolverSpec | Solver | undefined;
  /** Likewise; default `langevin`. */
  readonly corrector?: string | SolverSpec | Solver | undefined;
  /** Signal-to-noise ratio of a corrector given by its bare name; its own default otherwise. */
  readonly snr?: number | undefined;
  /** Corrector steps after each predictor step; default 1. */
  readonly steps?: number | undefined;
}

/** `withCorrector` by names: reverse diffusion and Langevin unless others are asked for. */
export function predictorCorrector(options: PredictorCorrectorOptions = {}): Solver {
  const { predictor = 'reverse-diffusion', corrector = 'langevin', snr, ...rest } = options;
  const correct = typeof corrector === 'string' && snr !== undefined ? { name: corrector, snr } : corrector;
  const solver = withCorrector(
    fromTable('predictor', predictors, predictor),
    fromTable('corrector', correctors, correct),
    rest,
  );
  return Object.freeze({ ...solver, name: 'predictor-corrector' });
}
