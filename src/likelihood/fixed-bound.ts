import type { Engine } from '../engine/contract.ts';
import { fillNormal, fillUniform, key } from '../random/index.ts';
import { contextModel, generatedRows } from '../score/context.ts';
import type { ScoreModel } from '../score/contract.ts';
import type { Sde } from '../sde/contract.ts';
import { logSnr } from '../sde/log-snr.ts';
import { type PlainTensor, sizeOf } from '../tensor/index.ts';
import { controlOf, endTerms, importantTime, squaredError, type Times } from './bound-terms.ts';
import { firstTime } from './first-time.ts';

/** Pairs of a row and a draw in one call of the network. */
const PAIRS = 2048;

/** The model whose bound is measured, and what it is estimated with. */
export interface FixedBoundOptions {
  /** Where the program runs. */
  readonly engine: Engine;
  /** The forward SDE. */
  readonly sde: Sde;
  /** The form of the model. Its weights are passed at each measurement. */
  readonly model: ScoreModel;
  /** What a conditional model sees of each row, `[N, W]`. */
  readonly context?: PlainTensor | undefined;
  /** Pairs of time and noise for each row. */
  readonly draws: number;
  /** Seed of times and noises. */
  readonly seed: number;
  /** One time to measure at, −½·E‖ε − ε̂‖², in the place of the bound. Default: the bound, over all times. */
  readonly at?: number | undefined;
}

/** The variational bound of fixed rows, under one set of weights after another. */
export interface FixedBound {
  /** The bound of each row in nats, under the weights of such a model. */
  measure(weights: readonly PlainTensor[]): Promise<Float64Array>;
  /** Frees the rows and the program. */
  dispose(): Promise<void>;
}

/**
 * `variationalBound` of rows `[N, ...D]` at fixed times and noises, for many weights in turn. The weights are
 * inputs of the program, so it is compiled once, and many draws share a call. It gives the numbers of
 * `variationalBound` with the same seed and draws, up to rounding.
 */
export function fixedBound(options: FixedBoundOptions, x: PlainTensor): FixedBound {
  const { engine, sde, model, context, draws, at } = options;
  const [count, size] = [x.shape[0]!, sizeOf(x.shape.slice(1))];
  const generated = context && generatedRows(contextModel(model, context), 0, count);
  const { t, noise, controls } = drawsOf(options, count, size, generated);
  const total = Math.ceil((count * draws) / PAIRS) * PAIRS;
  const ofPairs = (rows: PlainTensor) => eachRepeated(rows, draws, total);
  const own = context ? contextModel(model, ofPairs(context)) : model;
  const errors = engine.compile<Times>((_none, [x0, z, ...weights], times) =>
    squaredError(sde, own)(weights, [x0!, z!], times),
  );
  const parts = Array.from({ length: total / PAIRS }, (_, part) => part * PAIRS);
  const put = (all: Float32Array) =>
    parts.map(first =>
      engine.put({
        data: all.slice(first * size, (first + PAIRS) * size),
        shape: [PAIRS, ...x.shape.slice(1)],
      }),
    );
  const [rows, noises] = [put(ofPairs(x).data), put(noise)];
  const tMin = firstTime(sde, model);
  const ends = endTerms(sde, tMin, size);
  const range = logSnr(sde, tMin) - logSnr(sde, sde.tMax);
  return {
    async measure(weights) {
      const values = weights
        .filter((_, i) => !context || i !== model.contextAt)
        .map(each => engine.put(each));
      const sums = new Float64Array(count);
      try {
        for (const [part, first] of parts.entries()) {
          const times = { t: t.subarray(first, first + PAIRS), first };
          const [squared] = await errors.run([rows[part]!, noises[part]!, ...values], times);
          const numbers = await engine.read(squared!);
          engine.free(squared!);
          for (let i = first; i < Math.min(first + PAIRS, count * draws); i++)
            sums[Math.floor(i / draws)]! += numbers[i - first]! - controls[i]!;
        }
      } finally {
        engine.free(...values);
      }
      if (at !== undefined) return sums.map(sum => -sum / draws / 2);
      return sums.map((sum, row) => ends(x.data, row, generated) - (range / 2) * (sum / draws));
    },
    async dispose() {
      engine.free(...rows, ...noises);
      await errors.dispose();
    },
  };
}

/** Time, noise and control of each pair, row by row; padded to whole calls. */
function drawsOf(
  { sde, model, draws, seed, at }: FixedBoundOptions,
  count: number,
  size: number,
  generated: Float32Array | undefined,
) {
  const total = Math.ceil((count * draws) / PAIRS) * PAIRS;
  const tMin = firstTime(sde, model);
  const offsets = new Float64Array(count);
  fillUniform(offsets, key(seed, 'bound/times'), { step: 0, first: 0, size: 1 });
  const t = new Float64Array(total).fill(sde.tMax);
  const controls = new Float64Array(total);
  const noise = new Float32Array(total * size);
  const ofDraw = new Float32Array(count * size);
  for (let k = 0; k < draws; k++) {
    fillNormal(ofDraw, key(seed, 'bound/noise'), { step: k, first: 0, size });
    for (let row = 0; row < count; row++) {
      const pair = row * draws + k;
      t[pair] = at ?? importantTime(sde, tMin, (offsets[row]! + k / draws) % 1);
      controls[pair] = controlOf(sde, t[pair]!, ofDraw, row, size, generated);
      noise.set(ofDraw.subarray(row * size, (row + 1) * size), pair * size);
    }
  }
  return { t, noise, controls };
}

/** Each row `times` times in a row, then the last one up to `total` rows. */
function eachRepeated({ data, shape }: PlainTensor, times: number, total: number): PlainTensor {
  const width = sizeOf(shape.slice(1));
  const out = new Float32Array(total * width);
  for (let i = 0; i < total; i++) {
    const row = Math.min(Math.floor(i / times), shape[0]! - 1);
    out.set(data.subarray(row * width, (row + 1) * width), i * width);
  }
  return { data: out, shape: [total, ...shape.slice(1)] };
}
