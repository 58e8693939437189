import type { Engine, Program, Value } from '../engine/contract.ts';
import { compileKept } from '../engine/kept.ts';
import { usage } from '../errors.ts';
import { fillNormal, fillUniform, key } from '../random/index.ts';
import { generatedRows, withContext } from '../score/context.ts';
import type { ScoreModel } from '../score/contract.ts';
import { coefficients } from '../sde/coefficients.ts';
import type { Sde } from '../sde/contract.ts';
import { logSnr, timeAtLogSnr } from '../sde/log-snr.ts';
import { type BatchOptions, padded, sharesFor } from '../solve/batches.ts';
import { deal } from '../solve/lanes.ts';
import { combine, mul, type PlainTensor, sizeOf, square, sumPerSample } from '../tensor/index.ts';

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
  /** The smallest time: the data are seen with noise of std(tMin); default 1e-5. */
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
  const { engine, sde, model, draws = 64, tMin = 1e-5, seed = 0, batch, signal, onProgress } = options;
  if (!(Number.isInteger(draws) && draws > 0))
    throw usage('The number of draws has to be a whole number above 0', { where: 'draws', got: draws });
  const count = x.shape[0]!;
  const size = sizeOf(x.shape.slice(1));
  const { rows, lanes } = sharesFor({ engine, model, count, size, evaluations: draws }, batch);
  const errors = compileKept(engine, 'bound', squaredError(sde, model), model.weights);
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

interface Times {
  readonly t: Float64Array;
  readonly first: number;
}
type Errors = (inputs: readonly Value[], times: Times) => Promise<Value[]>;

/** (x₀, ε) → ‖ε − ε̂(x_t, t)‖² of each row, ε̂ = a·x_t + b·F. */
const squaredError =
  (sde: Sde, model: ScoreModel): Program<Times> =>
  (weights, [x0, noise], { t, first }) => {
    const [scale, std, ofNoise, ofData, ofRaw] = coefficients(time => {
      const at = sde.marginal(time);
      const { a, b } = model.noiseForm(time);
      return [at.scale, at.std, 1 - a * at.std, -a * at.scale, -b] as const;
    }, t);
    const told = withContext(model, weights, first, x0!.shape[0]!);
    const raw = model.raw(told, combine([scale, x0!], [std, noise!]), t);
    const error = combine([ofNoise, noise!], [ofData, x0!], [ofRaw, raw]);
    const generated = model.generated?.(told, x0!.shape[0]!);
    return [sumPerSample(square(generated ? mul(error, generated) : error))];
  };

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

/** The time whose λ lies at share u of the way from λ_T to λ₀. */
function importantTime(sde: Sde, tMin: number, u: number): number {
  const [bottom, top] = [logSnr(sde, sde.tMax), logSnr(sde, tMin)];
  return Math.min(sde.tMax, Math.max(tMin, timeAtLogSnr(sde, bottom + u * (top - bottom))));
}

/**
 * scale²/(scale² + std²)·(‖ε‖² − D): the part of the error that only depends on the draw of ε, if the data
 * are a unit Gaussian.
 */
function controlOf(
  sde: Sde,
  t: number,
  noise: Float32Array,
  row: number,
  size: number,
  generated: Float32Array | undefined,
): number {
  const { scale, std } = sde.marginal(t);
  let excess = 0;
  for (let i = row * size; i < (row + 1) * size; i++) if (generated?.[i] !== 0) excess += noise[i]! ** 2 - 1;
  return (scale ** 2 / (scale ** 2 + std ** 2)) * excess;
}

/** −KL(q(x_T|x) ‖ prior) + E log p(x|x₀): the two terms that need no network. */
function endTerms(
  sde: Sde,
  tMin: number,
  size: number,
): (x: Float32Array, row: number, generated: Float32Array | undefined) => number {
  const [end, start] = [sde.marginal(sde.tMax), sde.marginal(tMin)];
  const prior = sde.prior.std;
  const perDimension =
    Math.log(end.std / prior) +
    (1 - (end.std / prior) ** 2) / 2 -
    0.5 * Math.log(2 * Math.PI * Math.E) -
    Math.log(start.std / start.scale);
  return (x, row, generated) => {
    let [count, square] = [0, 0];
    for (let i = row * size; i < (row + 1) * size; i++)
      if (generated?.[i] !== 0) [count, square] = [count + 1, square + x[i]! ** 2];
    return count * perDimension - square * 0.5 * (end.scale / prior) ** 2;
  };
}
