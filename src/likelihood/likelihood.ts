import type { ScoreModel } from '../score/contract.ts';
import type { Sde } from '../sde/contract.ts';
import { inBatches, padded } from '../solve/batches.ts';
import type { Field, Problem, StepAddress } from '../solve/contract.ts';
import { gridPath } from '../solve/path.ts';
import { problemOf } from '../solve/problem.ts';
import { type SolveOptions, solverOver } from '../solve/sample.ts';
import {
  concat,
  mul,
  type PlainTensor,
  reshape,
  type Shape,
  sizeOf,
  slice,
  type Tensor,
} from '../tensor/index.ts';
import { type Divergence, EXACT_LIMIT, exact, hutchinson } from './divergence.ts';
import { firstTime } from './first-time.ts';

/**
 * How a likelihood is computed: the options of a solve (a deterministic solver), the divergence, the first
 * time and the prior.
 */
export interface LikelihoodOptions extends SolveOptions {
  /** How ∇·v is computed. Default: exact for D ≤ 64, otherwise with one Rademacher probe. */
  readonly divergence?: Divergence;
  /**
   * The first time; default `firstTime`, 1e-5 or earlier. The density is that of x_tMin, the data with noise
   * of std(tMin).
   */
  readonly tMin?: number;
  /** log p_T of one row of latents. Default: the prior of the SDE, N(0, prior.std² I). */
  readonly prior?: (latent: Float32Array) => number;
}

/**
 * Log-densities of rows in the coordinates of the model, and the latents to which the flow moves the rows.
 */
export interface LogLikelihoods {
  /** log p(x) of each row, in nats, in the (standardised) coordinates of the model. */
  readonly logProbability: Float64Array;
  /** The end of each row at tMax: its latent code. */
  readonly latents: PlainTensor;
  /**
   * Calls of the network along the trajectory of one row (the row with the most calls), one for each probe.
   */
  readonly evaluations: number;
  /** How ∇·v was computed: `exact`, or the name of an estimator. */
  readonly divergence: string;
}

/**
 * The instantaneous change of variables (Song et al. 2021, eq. 39). Along the probability flow from tMin to
 * T, log p(x) = log N(x_T; 0, prior.std²) + ∫ ∇·flow(x_t, t) dt. x: [N, ...D]. Value and divergence come from
 * one pass of the network. Any deterministic solver that uses only `flow` works. The error is controlled for
 * each sample separately.
 */
export async function logLikelihood(options: LikelihoodOptions, x: PlainTensor): Promise<LogLikelihoods> {
  const { engine, sde, model } = options;
  const { tMin = firstTime(sde, model), tMax = sde.tMax } = options;
  const size = sizeOf(model.shape);
  const prior = options.prior ?? gaussianPrior(sde.prior.std);
  const divergence = options.divergence ?? (size <= EXACT_LIMIT ? exact() : hutchinson());
  const problem = (clocked: Sde, watched: ScoreModel, weights: readonly Tensor[], at: StepAddress) =>
    withDensity(problemOf(clocked, watched, weights), model.shape, divergence, at.first);
  const solve = solverOver(
    { ...options, path: gridPath(0), problem, tolerances: { ...options.tolerances, apart: 1 } },
    tMin,
    tMax,
  );
  const flat = { data: x.data, shape: [x.shape[0]!, size] };
  const start = (first: number, rows: number) => withZeroColumn(padded(flat, first, rows));
  try {
    const end = await inBatches({ engine, model, integrator: solve, count: x.shape[0]!, start }, options);
    return { ...atPrior(end, model.shape, prior), evaluations: end.evaluations, divergence: divergence.name };
  } finally {
    await solve.dispose();
  }
}

/**
 * The flow of (x, ∫∇·flow/D), [B, D + 1], which carries a density along. The divergence is divided by D: then
 * the density is of the same size as the coordinates, and one tolerance means the same for both.
 */
export function withDensity(
  inner: Problem,
  shape: readonly number[],
  divergence: Divergence,
  first: number,
): Problem {
  const flow: Field = (joint, t) => {
    const rows = joint.shape[0]!;
    const size = joint.shape[1]! - 1;
    const x = reshape(slice(joint, [0, 0], [rows, size]), [rows, ...shape]);
    const { value, divergence: trace } = divergence.at(inner.flow, x, t, first);
    return concat([reshape(value, [rows, size]), reshape(mul(trace, 1 / size), [rows, 1])], 1);
  };
  return { ...inner, flow };
}

/** Rows [N, D] with a column of zeros more. */
export function withZeroColumn({ data, shape: [rows, size] }: PlainTensor): PlainTensor {
  const out = new Float32Array(rows! * (size! + 1));
  for (let i = 0; i < rows!; i++) out.set(data.subarray(i * size!, (i + 1) * size!), i * (size! + 1));
  return { data: out, shape: [rows!, size! + 1] };
}

/** Splits the joint end state into latents and log-density. */
function atPrior(
  { data, shape: [count, width] }: PlainTensor,
  shape: Shape,
  prior: (latent: Float32Array) => number,
) {
  const size = width! - 1;
  const latents = new Float32Array(count! * size);
  const logProbability = Float64Array.from({ length: count! }, (_, i) => {
    const latent = data.subarray(i * width!, i * width! + size);
    latents.set(latent, i * size);
    return prior(latent) + size * data[i * width! + size]!;
  });
  return { logProbability, latents: { data: latents, shape: [count!, ...shape] } };
}

/** log N(x; 0, std² I), in float64. */
export const gaussianPrior =
  (std: number) =>
  (x: Float32Array): number =>
    x.reduce(
      (sum, value) => sum - 0.5 * (value / std) ** 2,
      -x.length * (Math.log(std) + 0.5 * Math.log(2 * Math.PI)),
    );
