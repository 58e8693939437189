import { compileCached } from '../engine/program-cache.ts';
import { usage } from '../errors.ts';
import { EXACT_LIMIT } from '../likelihood/divergence.ts';
import { firstTime } from '../likelihood/first-time.ts';
import { logLikelihood } from '../likelihood/likelihood.ts';
import { sampleWithDensity } from '../likelihood/sample.ts';
import { logMeanExp, logSumExp } from '../math/log-sum.ts';
import type { Observation } from '../measure/observation.ts';
import type { BatchProgress } from '../solve/batches.ts';
import type { SampleOptions } from '../solve/sample.ts';
import { add, type PlainTensor, sizeOf, type Tensor } from '../tensor/index.ts';
import type { Guidance } from './contract.ts';
import { measuredModel } from './guided.ts';
import { logIndependent } from './prediction.ts';
import { type Evidence, evidenceOf } from './smc/evidence.ts';
import { effectiveSize } from './smc/weights.ts';

/** How a guided flow is corrected by weights: the options of a solve with a deterministic solver. */
export interface ImportanceOptions extends Omit<SampleOptions, 'model' | 'denoise' | 'onState' | 'path'> {
  /** The model of p(x). */
  readonly model: SampleOptions['model'];
  /** What is known of x. */
  readonly observation: Observation;
  /** The method whose flow proposes samples. */
  readonly guidance: Guidance;
}

/** Samples with weights that make them draws of p(x | y), and their estimate of p(y). */
export interface WeightedSamples {
  /** [N, ...D] in model units. */
  readonly data: Float32Array;
  /** Normalised log-weights, [N]. */
  readonly logWeights: Float64Array;
  /** log p(y) with its errors. */
  readonly evidence: Evidence;
  /** (Σw)²/Σw². */
  readonly effectiveSampleSize: number;
  /** Evaluations of the network on each sample. */
  readonly evaluations: number;
}

/** Shares of the samples whose estimates of p(y) show the error of the whole. */
const SHARES = 8;

/**
 * Importance sampling: the flow of the guided model proposes x with its density q(x), both from one solve,
 * and w = p(x)·p(y | x)/q(x). The mean of w estimates p(y) without bias. Right for any guidance that reaches
 * every mode, but where q misses a mode no weight can tell. An exact value has an error of 1e-4 here, which
 * is less than the noise of the first time: give values an error of 0.01 of their spread or more.
 * @throws usage beyond 64 dimensions, whose divergence is not exact, for fewer than 16 samples, for a solver
 * that draws noise, and for a guidance that changes the solver and not the model
 */
export async function importance(options: ImportanceOptions): Promise<WeightedSamples> {
  const { sde, model, observation, guidance, count } = options;
  const size = sizeOf(model.shape);
  if (size > EXACT_LIMIT)
    throw usage('Weights need the exact density of each sample', {
      where: 'importance',
      got: `samples of ${size} values`,
      expected: `at most ${EXACT_LIMIT}`,
    });
  if (!guidance.look)
    throw usage(`The method "${guidance.name}" has no flow with a density`, {
      where: 'importance',
      expected: 'mmps, pigdm, diffpir, dps or classifier',
    });
  if (!(Number.isInteger(count) && count >= 2 * SHARES))
    throw usage('There are too few samples to weigh', {
      where: 'count',
      got: count,
      expected: `${2 * SHARES} or more`,
    });
  const tMin = options.tMin ?? firstTime(options.sde, options.model);
  const guided = measuredModel(sde, model, observation, guidance);
  const { onProgress } = options;
  // The guided flow costs most of the time.
  const part = (from: number, share: number) =>
    onProgress && {
      onProgress: (at: BatchProgress) => onProgress({ ...at, fraction: from + share * at.fraction }),
    };
  const q = await sampleWithDensity({ ...options, model: guided, tMin, ...part(0, 0.8) });
  const x = { data: q.data, shape: q.shape };
  const { count: _count, seed: _seed, first: _first, ...solving } = options;
  const p = await logLikelihood({ ...solving, tMin, ...part(0.8, 0.2) }, x);
  const likelihoods = await logLikelihoods(options, x, tMin);
  const logWeights = q.logProbability.map((log, i) => p.logProbability[i]! + likelihoods[i]! - log);
  const total = logSumExp(logWeights);
  const share = Math.floor(count / SHARES);
  const estimates = Array.from({ length: SHARES }, (_, k) =>
    logMeanExp(logWeights.subarray(k * share, k === SHARES - 1 ? count : (k + 1) * share)),
  );
  return {
    data: q.data,
    logWeights: logWeights.map(weight => weight - total),
    evidence: evidenceOf(estimates.map(estimate => estimate + observation.logScale)),
    effectiveSampleSize: effectiveSize(logWeights),
    evaluations: q.evaluations + p.evaluations,
  };
}

/** log p(y | x) of samples, without the constant of the units: [N]. */
async function logLikelihoods(
  { engine, observation }: ImportanceOptions,
  x: PlainTensor,
  tMin: number,
): Promise<Float32Array> {
  const program = compileCached<null>(
    engine,
    'log p(y | x)',
    (constants, [at]) => {
      const parts: Tensor[] = [
        ...observation.densities.map(density => density(at!)),
        ...observation.noisy.map(one => one(constants, at!, tMin)),
      ];
      if (observation.count > 0)
        parts.push(logIndependent(observation, observation.apply(constants, at!), 0));
      return [parts.reduce(add)];
    },
    observation.weights,
  );
  const input = engine.put(x);
  try {
    const [output] = await program.run([input], null);
    const values = await engine.read(output!);
    engine.free(output!);
    return values;
  } finally {
    engine.free(input);
    await program.dispose();
  }
}
