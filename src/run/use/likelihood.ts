import { bitsPerDimension } from '../../data/index.ts';
import { sharedEngine } from '../../engine/shared.ts';
import { type Divergence, hutchinson } from '../../likelihood/divergence.ts';
import { logLikelihood as modelLogLikelihood } from '../../likelihood/likelihood.ts';
import { makeGrid } from '../../registry/grids.ts';
import { makeSolver } from '../../registry/solvers.ts';
import type { HostTensor } from '../../tensor/index.ts';
import type { ModelConfig } from '../folder/config.ts';
import type { Run } from '../run.ts';
import { modelOf } from './labels.ts';
import { tolerances, type UseOptions } from './options.ts';
import { requireWidth, toModel, transformOf } from './units.ts';

/** How likelihoods are integrated; the solver is `rk45` unless another deterministic one is named. */
export interface ScoreOptions extends UseOptions {
  /** Probes of Hutchinson's estimator; default: the exact trace for D ≤ 64, else one. */
  readonly probes?: number;
  readonly divergence?: Divergence;
}

/** Log-likelihoods of rows with their mean, its standard error, and what they cost. */
export interface Scores {
  /** log p of each row in nats, in the units of the data. */
  readonly logProbability: Float64Array;
  /** Mean of log p, and the standard error of that mean over rows. */
  readonly mean: number;
  readonly standardError: number;
  /** −(mean + Σ log step)/(D·ln 2), where all values have steps (dequantised integers: steps of 1). */
  readonly bitsPerDim?: number;
  readonly evaluations: number;
  readonly divergence: string;
}

/**
 * Log-likelihoods of rows `[N, ...D]` in nats and in the units of the data (already dequantised where the run is), by the
 * probability-flow ODE (Song et al. 2021, eq. 39) from t = 1e-5: log p_x(x) = log p_z(z) − Σ log scale.
 * @throws usage for rows that do not fit the run, and for a solver that draws noise
 */
export async function logLikelihood(run: Run, x: HostTensor, options: ScoreOptions = {}): Promise<Scores> {
  const { config } = run;
  requireWidth(config, x);
  const { probes, tolerance, grid, seed = 0, ...rest } = options;
  const divergence = options.divergence ?? (probes === undefined ? undefined : hutchinson({ probes, seed }));
  const result = await modelLogLikelihood(
    {
      ...rest,
      ...tolerances(tolerance),
      ...(grid !== undefined && { grid: makeGrid(grid) }),
      ...(divergence && { divergence }),
      engine: await sharedEngine(options.engine),
      sde: run.sde,
      model: modelOf(run, options),
      solver: makeSolver(options.solver ?? 'rk45'),
    },
    { data: toModel(config, x.data), shape: x.shape },
  );
  const { logProbability, evaluations, divergence: way } = result;
  return { ...scored(logProbability, config), evaluations, divergence: way };
}

type Summary = Omit<Scores, 'evaluations' | 'divergence'>;

/** The summary of log-likelihoods in the coordinates of the model, brought to the units of the data. */
export function scored(ofModel: Float64Array, config: ModelConfig): Summary {
  const { logDeterminant } = transformOf(config);
  return summary(
    ofModel.map(value => value + logDeterminant),
    config,
  );
}

/** Log-likelihoods of rows with their mean, its standard error, and bits per dimension where there are bins. */
export function summary(logProbability: Float64Array, config: ModelConfig): Summary {
  const count = logProbability.length;
  const mean = logProbability.reduce((sum, value) => sum + value, 0) / count;
  const variance =
    logProbability.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, count - 1);
  const { bins, logStep, columns } = transformOf(config);
  return {
    logProbability,
    mean,
    standardError: Math.sqrt(variance / count),
    ...(bins && { bitsPerDim: bitsPerDimension(mean + logStep, columns.length) }),
  };
}
