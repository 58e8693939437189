import { usage } from '../errors.ts';
import type { ScoreModel } from '../score/contract.ts';
import type { Sde } from '../sde/contract.ts';
import { inBatches } from '../solve/batches.ts';
import type { StepAddress } from '../solve/contract.ts';
import { gridPath } from '../solve/path.ts';
import { problemOf } from '../solve/problem.ts';
import { priorDraw, type SampleOptions, type Samples, solverOver } from '../solve/sample.ts';
import { sizeOf, type Tensor } from '../tensor/index.ts';
import { type Divergence, EXACT_LIMIT, exact, hutchinson } from './divergence.ts';
import { firstTime } from './first-time.ts';
import { gaussianPrior, withDensity, withZeroColumn } from './likelihood.ts';

/** How samples are drawn with their densities: a deterministic solver, and the divergence. */
export interface DensitySampleOptions extends Omit<SampleOptions, 'denoise' | 'onState'> {
  /** Default: exact for D ≤ 64, otherwise one Rademacher probe. */
  readonly divergence?: Divergence;
}

/** Samples with the log-density of each. */
export interface DensitySamples extends Samples {
  /** log p(x) of each sample, in nats, in model units. */
  readonly logProbability: Float64Array;
}

/**
 * Samples of the probability flow with their log-densities, from one solve: x_T ~ prior, and log p(x) = log
 * N(x_T; 0, prior.std²) + ∫ ∇·flow dt along its path from tMin to T. It is the density that `logLikelihood`
 * finds for the same x, up to the errors of both solves. Sample i depends on (seed, first + i) alone.
 * @throws usage for a solver that draws noise
 */
export async function sampleWithDensity(options: DensitySampleOptions): Promise<DensitySamples> {
  const { engine, sde, model, count, seed = 0, first = 0, solver } = options;
  const { tMin = firstTime(sde, model), tMax = sde.tMax } = options;
  if (solver.noise !== 'none')
    throw usage(`The solver "${solver.name}" draws noise: its samples have no density`, {
      remedy: 'Choose a probability-flow solver, such as rk45',
    });
  const size = sizeOf(model.shape);
  const divergence = options.divergence ?? (size <= EXACT_LIMIT ? exact() : hutchinson({ seed }));
  const problem = (clocked: Sde, watched: ScoreModel, weights: readonly Tensor[], at: StepAddress) =>
    withDensity(problemOf(clocked, watched, weights), model.shape, divergence, at.first);
  const tolerances = { ...options.tolerances, apart: 1 };
  const solve = solverOver({ ...options, path: gridPath(seed), problem, tolerances }, tMax, tMin);
  const latents = (from: number, rows: number) => {
    const { data } = priorDraw(sde, model.shape, seed, first + from, rows);
    return { data, shape: [rows, size] };
  };
  const start = (from: number, rows: number) => withZeroColumn(latents(from, rows));
  try {
    const end = await inBatches({ engine, model, integrator: solve, count, start }, options);
    const prior = gaussianPrior(sde.prior.std);
    const { data: z } = latents(0, count);
    const data = new Float32Array(count * size);
    const logProbability = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      data.set(end.data.subarray(i * (size + 1), i * (size + 1) + size), i * size);
      // The last column is ∫ ∇·flow/D dt from T to tMin, against the direction of time.
      logProbability[i] =
        prior(z.subarray(i * size, (i + 1) * size)) - size * end.data[i * (size + 1) + size]!;
    }
    return { data, shape: [count, ...model.shape], logProbability, evaluations: end.evaluations };
  } finally {
    await solve.dispose();
  }
}
