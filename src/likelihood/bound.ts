import type { Engine, Value } from '../engine/contract.ts';
import { compileCached } from '../engine/program-cache.ts';
import { usage } from '../errors.ts';
import { fillNormal, fillUniform, key } from '../random/index.ts';
import { generatedRows } from '../score/context.ts';
import type { ScoreModel } from '../score/contract.ts';
import type { Sde } from '../sde/contract.ts';
import { logSnr } from '../sde/log-snr.ts';
import { type BatchOptions, padded, sharesFor } from '../solve/batches.ts';
import { deal } from '../solve/lanes.ts';
import { type PlainTensor, sizeOf } from '../tensor/index.ts';
import { controlOf, endTerms, importantTime, squaredError, type Times } from './bound-terms.ts';
import { firstTime } from './first-time.ts';

/** How a bound is estimated. */
export interface BoundOptions extends BatchOptions {
  /** Where the program runs. */
  readonly engine: Engine;
  /** The forward SDE. */
  readonly sde: Sde;
  /** The model of its score. */
  readonly model: ScoreModel;
  /** Number of pairs of time and noise for each row, with one call of the network for each; default 64. */
  readonly draws?: number;
  /** The smallest time: the data are seen with noise of std(tMin); default as of a likelihood. */
  readonly tMin?: number;
  /** Seed of times and noises. Default 0. */
  readonly seed?: number;
}

/** Lower bounds of log-densities of rows in the coordinates of the model. */
export interface Bounds {
  /** Unbiased estimates of the bound of each row, in nats. */
  readonly logProbability: Float64Array;
  /** Calls of the network for one row. */
  readonly evaluations: number;
}

/**
 * The variational bound of log p(x) for rows `[N, ...D]` (Kingma et al. 2021, eq. 12; Song, Durkan, Murray &
 * Ermon 2021, thm. 3, in its denoising form), with λ = log(scale²/std²):
 *
 *     log p(x) ≥ −KL(N(scale_T·x, std_T²) ‖ N(0, prior²)) − D/2·log(2πe·std₀²/scale₀²)
 *                − ½(λ₀ − λ_T)·E‖ε − ε̂(x_t, t)‖².
 *
 * Times are drawn with density ∝ g²/std², which is uniform in λ, so the integral becomes a plain mean. The
 * draws of each row are spread evenly. To lower the variance, each draw subtracts a control of mean 0: the
 * deviation of ‖ε‖² from D, with the weight that it has for unit Gaussian data. No divergence is needed. With
 * the exact score the bound is log p(x), up to the prior and the noise at tMin.
 * @throws usage for a number of draws that is not a whole number above 0
 */
export async function variationalBound(options: BoundOptions, x: PlainTensor): Promise<Bounds> {
  const {
    engine,
    sde,
    model,
    draws = 64,
    tMin = firstTime(sde, model),
    seed = 0,
    batch,
    signal,
    onProgress,
  } = options;
  if (!(Number.isInteger(draws) && draws > 0))
    throw usage('The number of draws has to be a whole number above 0', { where: 'draws', got: draws });
  const count = x.shape[0]!;
  const size = sizeOf(x.shape.slice(1));
  const { rows, lanes } = sharesFor({ engine, model, count, size, evaluations: draws }, batch);
  const errors = compileCached(engine, 'bound', squaredError(sde, model), model.weights);
  const generated = generatedRows(model, 0, count);
  const means = new Float64Array(count);
  let done = 0;
  try {
    await deal(Math.ceil(count / rows), lanes, signal, async (job, lane, stop) => {
      const first = job * rows;
      const own = {
        x: padded(x, first, rows),
        generated: generatedRows(model, first, rows),
        first,
        draws,
        tMin,
        seed,
      };
      const one = (inputs: readonly Value[], times: Times) => errors.run(inputs, times, lane);
      const errorsOfRows = await meanErrors(engine, one, sde, own, stop);
      means.set(errorsOfRows.subarray(0, Math.min(rows, count - first)), first);
      done = Math.min(count, done + rows);
      onProgress?.({ done, count, fraction: done / count, evaluations: draws });
    });
  } finally {
    await errors.dispose();
  }
  const range = logSnr(sde, tMin) - logSnr(sde, sde.tMax);
  const ends = endTerms(sde, tMin, size);
  const logProbability = means.map((error, i) => ends(x.data, i, generated) - (range / 2) * error);
  return { logProbability, evaluations: draws };
}

type Errors = (inputs: readonly Value[], times: Times) => Promise<Value[]>;

interface Rows {
  /** Rows, padded to the size of the micro-batch, from sample `first`. */
  readonly x: PlainTensor;
  /** Which coordinates are generated; all if undefined. */
  readonly generated: Float32Array | undefined;
  readonly first: number;
  readonly draws: number;
  readonly tMin: number;
  readonly seed: number;
}

/** For each row, the mean over draws of ‖ε − ε̂‖² minus its control. */
async function meanErrors(
  engine: Engine,
  errors: Errors,
  sde: Sde,
  { x, generated, first, draws, tMin, seed }: Rows,
  signal: AbortSignal,
): Promise<Float64Array> {
  const [rows, size] = [x.shape[0]!, sizeOf(x.shape.slice(1))];
  const offsets = new Float64Array(rows);
  fillUniform(offsets, key(seed, 'bound/times'), { step: 0, first, size: 1 });
  const noise = new Float32Array(rows * size);
  const sums = new Float64Array(rows);
  const data = engine.put(x);
  try {
    for (let k = 0; k < draws; k++) {
      signal.throwIfAborted();
      const t = offsets.map(offset => importantTime(sde, tMin, (offset + k / draws) % 1));
      fillNormal(noise, key(seed, 'bound/noise'), { step: k, first, size });
      const squaredErrors = await runOnce(
        engine,
        errors,
        data,
        { data: noise, shape: x.shape },
        { t, first },
      );
      for (let i = 0; i < rows; i++)
        sums[i]! += squaredErrors[i]! - controlOf(sde, t[i]!, noise, i, size, generated);
    }
  } finally {
    engine.free(data);
  }
  return sums.map(sum => sum / draws);
}

async function runOnce(
  engine: Engine,
  errors: Errors,
  data: Value,
  noise: PlainTensor,
  times: Times,
): Promise<Float32Array> {
  const noiseValue = engine.put(noise);
  try {
    const [value] = await errors([data, noiseValue], times);
    const values = await engine.read(value!);
    engine.free(value!);
    return values;
  } finally {
    engine.free(noiseValue);
  }
}
