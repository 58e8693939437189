import type { Dataset } from '../../data/index.ts';
import type { Engine } from '../../engine/index.ts';
import { type FixedBound, fixedBound } from '../../likelihood/fixed-bound.ts';
import { meanOf } from '../../math/mean.ts';
import { type Key, key } from '../../random/index.ts';
import type { ScoreModel } from '../../score/contract.ts';
import type { Sde } from '../../sde/index.ts';
import { timeAtNoise } from '../../sde/log-snr.ts';
import type { ValidationCurve } from '../folder/curves.ts';
import { modelShape } from '../shape.ts';
import { type BestStart, bestWeights } from './best-weights.ts';

/** Most rows that are compared, and draws of noise and time over all of them. */
const MOST_ROWS = 2000;
const DRAWS = 8192;

/** The validation of a training: it keeps the best averaged weights and says when to stop. */
export interface Validation {
  /** Whether the weights are compared at this step: often at first, then ever less. */
  due(step: number): boolean;
  /** Compares these averaged weights, which the model uses, with the best. */
  measure(model: ScoreModel, weights: Float32Array, step: number): Promise<void>;
  /** Compares a model that is no step of this training: a mixture, on its own view of the rows. */
  measureMixture(model: ScoreModel, rows: Dataset): Promise<void>;
  /** The curve so far. */
  curve(): ValidationCurve;
  /** The best averaged weights so far. */
  best(): Float32Array | undefined;
  /** The nats of each row under the first weights. */
  baseline(): Float32Array | undefined;
  /** Frees what the comparison needs. */
  dispose(): Promise<void>;
  /** Whether the weights have not improved for so long that training stops. */
  stops(step: number): boolean;
}

/** Where a training stands when its validation begins. */
export interface ValidationStart extends BestStart {
  readonly engine: Engine;
  readonly sde: Sde;
  readonly seed: number;
  /** Whether the model learns every question about a row. */
  readonly questions: boolean;
  /** σ/α of the one noise level that is trained. Default: all are. */
  readonly sigma?: number | undefined;
}

/**
 * Validation of a data set that keeps rows for it. The measure is the variational bound of their
 * log-likelihood at fixed noise and times, so that two steps differ by their weights alone. The gain over the
 * first weights has to exceed its standard error over the rows; else these stay the best. A model that learns
 * every question is compared on the rows and on a random question about each. A model of one noise level is
 * compared there, by −½·E‖ε − ε̂‖², the nats of this bound for one unit of log(scale²/std²).
 */
export function validationOf(dataset: Dataset, start: ValidationStart): Validation | undefined {
  const rows = dataset.validation;
  if (!rows) return undefined;
  const { engine, sde, seed, sigma } = start;
  const at = sigma === undefined ? undefined : timeAtNoise(sde, sigma, 'sigma');
  const fixed = fixedRows(rows, key(seed, 'validation'), start.questions);
  const kept = bestWeights(start);
  let bound: FixedBound | undefined;
  let mixture = start.curve?.mixture;
  const draws = Math.max(16, Math.min(256, Math.ceil(DRAWS / fixed.x.shape[0]!)));
  const boundOf = (model: ScoreModel, { x, context }: FixedRows) =>
    fixedBound({ engine, sde, model, context, draws, seed, at }, x);
  const pointOf = (nats: Float64Array) => ({
    nats: meanOf(nats.subarray(0, fixed.rows)),
    ...(start.questions && { score: meanOf(nats) }),
  });
  return {
    due: kept.due,
    async measure(model, weights, step) {
      bound ??= boundOf(model, fixed);
      const nats = await natsOf(bound, model, fixed, at);
      kept.add(step, nats, weights, pointOf(nats));
    },
    async measureMixture(model, of) {
      const own = fixedRows(of, key(seed, 'validation'), start.questions);
      const ownBound = boundOf(model, own);
      try {
        mixture = pointOf(await natsOf(ownBound, model, own, at));
      } finally {
        await ownBound.dispose();
      }
    },
    curve: () => ({ ...kept.curve(), rows: fixed.rows, ...(mixture && { mixture }) }),
    best: kept.best,
    baseline: kept.baseline,
    dispose: async () => bound?.dispose(),
    stops: kept.stops,
  };
}

type FixedRows = ReturnType<typeof fixedRows>;

/**
 * The nats of fixed rows, in data units. An abort does not end it: training writes its checkpoint at the next
 * step, with this point of the curve.
 */
async function natsOf(
  bound: FixedBound,
  model: ScoreModel,
  { logDeterminants }: FixedRows,
  at: number | undefined,
): Promise<Float64Array> {
  const logProbability = await bound.measure(model.weights);
  if (at !== undefined) return logProbability;
  return logProbability.map((value, i) => value + logDeterminants[i]!);
}

/** The rows that are compared, in model units, with what a conditional model is told of them. */
function fixedRows(rows: Dataset, drawn: Key, questions: boolean) {
  const count = Math.min(rows.count, MOST_ROWS);
  const shape = modelShape(rows);
  const size = rows.transform.size;
  const samples = Uint32Array.from({ length: count }, (_, i) => Math.floor((i * rows.count) / count));
  const x = new Float64Array(count * size);
  rows.read(x, drawn, samples);
  const context = rows.contexts?.read(drawn, samples);
  const logDeterminants = rows.logDeterminants?.(drawn, samples) ?? new Float64Array(count);
  const data = Float32Array.from(x);
  if (!questions || !context)
    return { rows: count, x: { data, shape: [count, ...shape] }, context, logDeterminants };
  // A constant that no weights change is left out of the nats of questions.
  const asked = new Float32Array(count * size);
  rows.batch(asked, drawn, 0, count);
  return {
    rows: count,
    x: { data: joined(data, asked), shape: [2 * count, ...shape] },
    context: {
      data: joined(context.data, rows.contexts!.batch(drawn, 0, count).data),
      shape: [2 * count, context.shape[1]!],
    },
    logDeterminants: Float64Array.from({ length: 2 * count }, (_, i) => logDeterminants[i] ?? 0),
  };
}

function joined(a: Float32Array, b: Float32Array): Float32Array {
  const out = new Float32Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
