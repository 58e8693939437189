import type { Engine, EngineName } from '../../engine/index.ts';
import { sharedEngine } from '../../engine/shared.ts';
import { variationalBound } from '../../likelihood/bound.ts';
import type { BatchOptions } from '../../solve/batches.ts';
import type { HostTensor } from '../../tensor/index.ts';
import type { Run } from '../run.ts';
import { type LabelOptions, modelOf } from './labels.ts';
import { type Scores, scored } from './likelihood.ts';
import type { Question } from './questions.ts';
import { scoresOf, scoresWithinReach } from './reach.ts';
import { requireWidth } from './units.ts';

/** How a bound is estimated: draws, engine, seed (default 0), micro-batches, progress, abortion. */
export interface LikelihoodBoundOptions extends BatchOptions, LabelOptions, Question {
  /** Times and noises for each row, one call of the network each; default 64. */
  readonly draws?: number;
  /**
   * A name in `engines`, `auto` or an engine of your own. Default `auto`: the first of `onnx`,
   * `onnx-web` and `wasm` that loads.
   */
  readonly engine?: EngineName | 'auto' | Engine;
  /** Seed of times and noises, a whole number from 0 to 2⁵³ − 1. Default 0. */
  readonly seed?: number;
}

/** Lower bounds of log-likelihoods of rows, with their mean. So `bitsPerDim` is an upper bound. */
export type BoundScores = Omit<Scores, 'divergence'>;

/**
 * Variational lower bounds of the log-likelihoods of rows `[N, ...D]`, in nats and in the units of the data
 * (rows must be dequantised if the run is). They are unbiased estimates of
 *
 *     log p(x) ≥ −KL(q(x_T|x) ‖ prior) + E log q(x|x₀) − ½(λ₀ − λ_T)·E‖ε − ε̂(x_t, t)‖² − Σ log scale
 *
 * with λ = log(scale²/std²) and times uniform in λ, from t = 1e-5 (Kingma et al. 2021, eq. 12; Song, Durkan,
 * Murray & Ermon 2021, thm. 3). No ODE and no divergence is needed: a row takes `draws` calls of the network
 * in any dimension. A run with the objective `{ name: 'denoising', weighting: 'likelihood', times:
 * 'importance' }` is trained on this bound.
 * @throws usage for rows that do not fit the run, and for an invalid number of draws; AbortError if `signal`
 * is aborted
 */
export async function likelihoodBound(
  run: Run,
  x: HostTensor,
  options: LikelihoodBoundOptions = {},
): Promise<BoundScores> {
  const { config, sde } = run;
  requireWidth(config, x);
  const parts = { ...options, sde, model: modelOf(run, options), engine: await sharedEngine(options.engine) };
  const { logProbability, evaluations } = await scoresWithinReach(config, x, options, rows =>
    scoresOf(parts.model, rows, true, () =>
      variationalBound({ ...parts, model: rows.modelFor(parts.model, run.opened) }, rows.x),
    ),
  );
  return { ...scored(logProbability, config, true), evaluations };
}
