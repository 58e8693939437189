import { usage } from '../../../errors.ts';
import { drawParticles } from '../../../guide/smc/smc.ts';
import { effectiveSize } from '../../../guide/smc/weights.ts';
import { sampleWithDensity } from '../../../likelihood/sample.ts';
import { type DataTensor, sizeOf } from '../../../tensor/index.ts';
import type { Run } from '../../run.ts';
import type { UseOptions } from '../options.ts';
import { toData, transformOf } from '../units.ts';
import { solveOptions } from './options.ts';

/** How samples are drawn with their densities. */
export interface DensityOptions extends UseOptions {
  /** Samples to draw, a whole number above 0. */
  readonly count: number;
  /** Index of the first sample. Default 0. */
  readonly first?: number;
}

/** Samples in the units of the data, with the log-density of each. */
export interface SamplesWithDensity extends DataTensor {
  /** log p of each sample in nats, in the units of the data. */
  readonly logProbability: Float64Array;
  /** Evaluations of the network for each sample. */
  readonly evaluations: number;
}

/**
 * Samples of the probability flow with their log-densities, from one solve, in the units of the data: what
 * `logLikelihood` finds for them. The default solver is `rk45`.
 * @throws usage for a solver that draws noise
 */
export async function sampleDensity(run: Run, options: DensityOptions): Promise<SamplesWithDensity> {
  const { count, first, ...use } = options;
  const solve = await solveOptions(run, use, { solver: 'rk45' });
  const samples = await sampleWithDensity({ ...solve, count, ...(first !== undefined && { first }) });
  const transform = transformOf(run.config);
  const points = transform.inverse(samples.data, new Float64Array(samples.data.length));
  const logDeterminants = transform.logDeterminants(points);
  return {
    data: toData(run.config, samples.data),
    shape: [count, ...run.config.data.shape],
    logProbability: samples.logProbability.map((value, i) => value + logDeterminants[i]!),
    evaluations: samples.evaluations,
  };
}

/** How samples at another temperature are drawn. */
export interface TemperOptions extends DensityOptions {
  /** τ of p(x)^(1/τ), above 0: below 1 nearer to the modes. */
  readonly temperature: number;
  /** Samples of p that are weighed. Default four times `count`. */
  readonly candidates?: number;
}

/** Samples at a temperature, and how many equal weights their weights were worth. */
export interface TemperedSamples extends DataTensor {
  /** (Σw)²/Σw² of the candidates. */
  readonly effectiveSampleSize: number;
}

/**
 * Samples of p(x)^(1/τ)/Z: samples of p are resampled by weights p(x)^(1/τ − 1). A scaled score does not give
 * this law. The further τ is from 1, and the more values a row has, the fewer candidates count:
 * `effectiveSampleSize` says how many.
 * @throws usage for a temperature that is not above 0
 */
export async function temper(run: Run, options: TemperOptions): Promise<TemperedSamples> {
  const { temperature, count, candidates = 4 * count, ...rest } = options;
  if (!(temperature > 0 && Number.isFinite(temperature)))
    throw usage('The temperature has to be above 0', { where: 'temperature', got: temperature });
  const samples = await sampleDensity(run, { ...rest, count: candidates });
  const logWeights = samples.logProbability.map(value => (1 / temperature - 1) * value);
  const size = sizeOf(samples.shape.slice(1));
  const data = new Float64Array(count * size);
  drawParticles(logWeights, count, options.seed ?? 0).forEach((place, i) => {
    data.set(samples.data.subarray(place * size, (place + 1) * size), i * size);
  });
  return {
    data,
    shape: [count, ...samples.shape.slice(1)],
    effectiveSampleSize: effectiveSize(logWeights),
  };
}
