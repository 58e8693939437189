import type { Engine, Value } from '../engine/contract.ts';
import { failure } from '../errors.ts';
import type { Objective } from '../objectives/index.ts';
import { type PlainTensor, type Shape, sizeOf } from '../tensor/index.ts';
import { firstChains } from './chains.ts';
import { keptDraws } from './draws.ts';
import type { Drops } from './dropout.ts';
import type { Layout } from './flat.ts';
import type { StepArgs } from './gradient.ts';
import { stepperFor } from './stepper.ts';
import type { UpdateOptions } from './update.ts';

/** Fills the clean data of a training step, [batch, ...shape]; the same for the same (seed, step). */
export type Batches = (out: Float32Array, step: number) => void;

export interface TrainerOptions extends UpdateOptions {
  readonly batch: number;
  readonly seed: number;
  /** For a model with classes: the labels of a step, one-hot, [batch, K + 1]. */
  readonly labels?: ((step: number) => PlainTensor) | undefined;
  /** Of a conditional model: the contexts of the rows of a step, [batch, 3·D]. */
  readonly contexts?: ((step: number) => PlainTensor) | undefined;
  /** Features dropped in training. */
  readonly drops?: Drops | undefined;
}

/**
 * Everything that training carries from step to step, independent of any engine: the content of a checkpoint.
 */
export interface TrainState {
  readonly step: number;
  readonly theta: Float32Array;
  readonly m: Float32Array;
  readonly v: Float32Array;
  readonly ema: Float32Array;
  /** The best averaged weights so far, where rows are kept for validation. */
  readonly best?: Float32Array;
  /** The nats of each validation row under the first weights. */
  readonly baseline?: Float32Array;
  /** Draws of the model that an objective carries along, [batch·D]. */
  readonly chains?: Float32Array;
  /** Of Langevin dynamics over weights: the draws so far, one after another, [draws·n]. */
  readonly draws?: Float32Array;
  /** The loss summed over the steps since the last report; 0 by default. */
  readonly sum?: number;
}

export interface TrainProgress {
  /**
   * The reason of this progress: a report is due, a pause was requested, or the training is aborted (the next
   * turn then throws).
   */
  readonly occasion: 'report' | 'pause' | 'abort';
  readonly step: number;
  readonly steps: number;
  /** Mean loss over the steps since the last report. */
  readonly loss: number;
  /** The state so far. It is read from the engine on request. */
  state(): Promise<TrainState>;
}

/** The start of training: initial weights, zero moments, and an average equal to the weights. */
export const initialState = (theta: Float32Array): TrainState => ({
  step: 0,
  theta,
  m: new Float32Array(theta.length),
  v: new Float32Array(theta.length),
  ema: theta.slice(),
});

export interface ReportOptions {
  readonly reportEvery: number;
  /** Called after each native call: whether to pause there, between two reports. */
  readonly pause?: (() => boolean) | undefined;
}

/**
 * Trains with the objective from `start` to the last step, and reports every `reportEvery` steps. A call
 * never crosses a multiple of `reportEvery`, so that a resumed run makes the same calls.
 * @throws AbortError if `signal` is aborted, after a turn with the state at that moment
 */
export async function* trainer(
  engine: Engine,
  objective: Objective,
  layout: Layout,
  shape: Shape,
  batches: Batches,
  start: TrainState,
  options: TrainerOptions & ReportOptions,
  signal?: AbortSignal,
): AsyncGenerator<TrainProgress, TrainState> {
  const stepper = stepperFor(engine, { objective, layout, shape, ...options }, options);
  const put = (data: Float32Array) => engine.put({ data, shape: [data.length] });
  const perCall = Math.min(
    stepper.most,
    stepsPerCall(shape, options, options.reportEvery, options.sgld ? start.theta.length : 0),
  );
  const { theta, m, v, ema, sum = 0 } = start;
  const draws = keptDraws(options.sgld?.draws ?? 0, options.steps, start.draws);
  const { batch, seed } = options;
  const chains = objective.chains && (start.chains ?? firstChains(objective.chains, shape, batch, seed));
  const training = { state: [theta, m, v, ema, Float32Array.of(sum), ...(chains ? [chains] : [])].map(put) };
  const argsOf = (step: number): StepArgs => {
    const x0 = new Float32Array(options.batch * sizeOf(shape));
    batches(x0, step);
    return { step, x0, labels: options.labels?.(step), context: options.contexts?.(step) };
  };
  const endOf = (from: number) =>
    Math.min(options.steps, (Math.floor(from / options.reportEvery) + 1) * options.reportEvery);
  const argsFrom = (from: number) =>
    Array.from({ length: Math.min(perCall, endOf(from) - from) }, (_, i) => argsOf(from + i));
  // The arguments of the next call, made while the engine computes this one.
  let ahead: { from: number; args: StepArgs[] } = { from: -1, args: [] };
  const prepare = (from: number) => {
    ahead = { from, args: argsFrom(from) };
  };
  let step = start.step;
  const progress = async (occasion: TrainProgress['occasion']): Promise<TrainProgress> => {
    const total = (await engine.read(training.state[4]!))[0]!;
    if (!Number.isFinite(total)) throw diverged(step);
    const stepsSince = step - lastReport(step, options.reportEvery);
    const at = step;
    const state = () => readState(engine, training.state, at, draws.all());
    return { occasion, step, steps: options.steps, loss: stepsSince > 0 ? total / stepsSince : total, state };
  };
  try {
    while (step < options.steps) {
      // An engine that computes synchronously leaves no turn for other work, such as the code that aborts.
      if (signal) await turnOfEvents();
      if (signal?.aborted && step > start.step) yield await progress('abort');
      signal?.throwIfAborted();
      const until = endOf(step);
      const args = ahead.from === step ? ahead.args : argsFrom(step);
      const current = training.state;
      training.state = [];
      const advance = stepper.advance(current, args, signal).catch((error: unknown) => {
        if (signal?.aborted && error === signal.reason) return undefined;
        throw error;
      });
      const [next] = await Promise.all([advance, turnOfEvents().then(() => prepare(step + args.length))]);
      training.state = next ?? current;
      if (!next) continue;
      const last = step;
      step += args.length;
      if (draws.due(step, last)) draws.keep(await engine.read(training.state[0]!));
      if (step < until) {
        if (options.pause?.()) yield await progress('pause');
        continue;
      }
      const report = await progress('report');
      engine.free(training.state[4]!);
      training.state[4] = put(new Float32Array(1));
      yield report;
    }
    return await readState(engine, training.state, step, draws.all());
  } finally {
    engine.free(...training.state);
    await stepper.dispose();
  }
}

/** The last report before a step, not counting one that is due at it. */
const lastReport = (step: number, every: number) => Math.max(0, Math.ceil(step / every) - 1) * every;

/** The largest number of values of data, noise and masks in one native call: 64 MiB. */
const VALUES_PER_CALL = 2 ** 24;

/** Training steps in one call, which holds the data, noise and masks of all its steps, and `others`. */
export function stepsPerCall(
  shape: Shape,
  { batch, drops, contexts }: Pick<TrainerOptions, 'batch' | 'drops' | 'contexts'>,
  most: number,
  others = 0,
): number {
  const masks = (drops?.shapes ?? []).reduce((sum, each) => sum + sizeOf(each), 0);
  const values = batch * ((contexts ? 5 : 2) * sizeOf(shape) + masks) + others;
  return Math.max(1, Math.min(most, Math.floor(VALUES_PER_CALL / values)));
}

async function readState(
  engine: Engine,
  state: readonly Value[],
  step: number,
  draws?: Float32Array,
): Promise<TrainState> {
  const [theta, m, v, ema, sum, chains] = await Promise.all(state.map(value => engine.read(value)));
  return {
    step,
    theta: theta!,
    m: m!,
    v: v!,
    ema: ema!,
    ...(sum![0] !== 0 && { sum: sum![0]! }),
    ...(chains && { chains }),
    ...(draws && { draws }),
  };
}

const diverged = (step: number) =>
  failure('Training diverged: the loss is no longer a number', {
    where: `step ${step}`,
    remedy: 'Lower the learning rate (--learning-rate), or look for extreme values in the data',
  });

/** Lets pending events run, an abort among them. A page has no `setImmediate`. */
const turnOfEvents = () =>
  new Promise<void>(done => {
    if (typeof setImmediate === 'function') setImmediate(done);
    else setTimeout(done);
  });
