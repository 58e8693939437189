import type { Dataset } from '../../data/index.ts';
import type { Engine } from '../../engine/index.ts';
import { type FixedBound, fixedBound } from '../../likelihood/fixed-bound.ts';
import { meanAndError, meanOf } from '../../math/mean.ts';
import { type Key, key } from '../../random/index.ts';
import type { ScoreModel } from '../../score/contract.ts';
import type { Sde } from '../../sde/index.ts';
import type { ValidationCurve } from '../folder/curves.ts';
import { modelShape } from '../shape.ts';
import { scoreOf } from './starts.ts';

/** Most rows that are compared, and draws of noise and time over all of them. */
const MOST_ROWS = 2000;
const DRAWS = 16_384;
/** Fewest steps without progress after which training stops. It waits half as long as the progress took. */
const LEAST_PATIENCE = 500;
/** A rise of the mean that counts as progress, in standard errors of the mean over the rows. */
const PROGRESS = 0.05;

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
export interface ValidationStart {
  readonly engine: Engine;
  readonly sde: Sde;
  readonly seed: number;
  /** The curve and the best weights of the run that goes on. */
  readonly curve: ValidationCurve | undefined;
  readonly best: Float32Array | undefined;
  /** The nats of each row under the first weights. */
  readonly baseline: Float32Array | undefined;
  /** Whether the model learns every question about a row. */
  readonly questions: boolean;
}

/**
 * Validation of a data set that keeps rows for it. The measure is the variational bound of their
 * log-likelihood at fixed noise and times, so that two steps differ by their weights alone. The gain over the
 * first weights has to exceed its standard error over the rows; else these stay the best. A model that learns
 * every question is compared on the rows and on a random question about each.
 */
export function validationOf(dataset: Dataset, start: ValidationStart): Validation | undefined {
  const rows = dataset.validation;
  if (!rows) return undefined;
  const { engine, sde, seed } = start;
  const fixed = fixedRows(rows, key(seed, 'validation'), start.questions);
  const points = [...(start.curve?.points ?? [])];
  let best = { ...bestOf(points, start.curve?.best ?? 0), weights: start.best };
  let baseline = start.baseline;
  let bound: FixedBound | undefined;
  let mixture = start.curve?.mixture;
  const draws = Math.max(16, Math.min(256, Math.ceil(DRAWS / fixed.x.shape[0]!)));
  const boundOf = (model: ScoreModel, { x, context }: FixedRows) =>
    fixedBound({ engine, sde, model, context, draws, seed }, x);
  const pointOf = (nats: Float64Array) => ({
    nats: meanOf(nats.subarray(0, fixed.rows)),
    ...(start.questions && { score: meanOf(nats) }),
  });
  return {
    due: step => step % pace(step) === 0,
    async measure(model, weights, step) {
      bound ??= boundOf(model, fixed);
      const nats = await natsOf(bound, model, fixed);
      points.push({ step, ...pointOf(nats) });
      const score = meanOf(nats);
      baseline ??= Float32Array.from(nats);
      if (score > best.score && (step === 0 || isGain(nats, baseline))) best = { step, score, weights };
    },
    async measureMixture(model, of) {
      const own = fixedRows(of, key(seed, 'validation'), start.questions);
      const ownBound = boundOf(model, own);
      try {
        mixture = pointOf(await natsOf(ownBound, model, own));
      } finally {
        await ownBound.dispose();
      }
    },
    curve: () => ({
      points: [...points],
      best: best.step,
      rows: fixed.rows,
      ...(mixture && { mixture }),
    }),
    best: () => best.weights,
    baseline: () => baseline,
    dispose: async () => bound?.dispose(),
    stops(step) {
      const last = lastProgress(points, PROGRESS * (meanAndError(baseline ?? []).standardError ?? 0));
      return step - last >= Math.max(LEAST_PATIENCE, last / 2);
    },
  };
}

/** Steps between two comparisons: multiples of the steps between reports. */
const pace = (step: number): number => (step < 1000 ? 50 : step < 4000 ? 200 : 500);

/** The best step so far and its score. A higher score that was no gain beyond its error is not the best. */
function bestOf(points: ValidationCurve['points'], step: number) {
  const point = points.find(each => each.step === step);
  return { step, score: point ? scoreOf(point) : -Infinity };
}

/** The last step at which the mean had risen by more than `least` since the last such step. */
function lastProgress(points: ValidationCurve['points'], least: number): number {
  let last = points[0] ?? { step: 0, nats: -Infinity };
  for (const point of points) if (scoreOf(point) > scoreOf(last) + least) last = point;
  return last.step;
}

/** Whether the mean difference of two lists exceeds its standard error. */
function isGain(now: Float64Array, before: Float32Array): boolean {
  const difference = now.map((value, i) => value - before[i]!);
  const { mean, standardError } = meanAndError(difference);
  return mean > (standardError ?? 0);
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
): Promise<Float64Array> {
  const logProbability = await bound.measure(model.weights);
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
