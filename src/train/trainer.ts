import type { Engine, Value } from '../engine/contract.ts';
import { failure } from '../errors.ts';
import type { Objective } from '../objectives/index.ts';
import { type PlainTensor, type Shape, sizeOf } from '../tensor/index.ts';
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
  /** Of a model that is told classes: the labels of a step, one-hot, [batch, K + 1]. */
  readonly labels?: ((step: number) => PlainTensor) | undefined;
  /** Features dropped in training. */
  readonly drops?: Drops | undefined;
}

/** Everything that training carries from step to step, outside any engine: what a checkpoint holds. */
export interface TrainState {
  readonly step: number;
  readonly theta: Float32Array;
  readonly m: Float32Array;
  readonly v: Float32Array;
  readonly ema: Float32Array;
}

export interface TrainProgress {
  readonly step: number;
  readonly steps: number;
  /** Mean loss over the steps since the last report. */
  readonly loss: number;
  /** The state so far, read from the engine when asked for. */
  state(): Promise<TrainState>;
}

/** The start of training: weights as drawn, moments zero, average equal to the weights. */
export const initialState = (theta: Float32Array): TrainState => ({
  step: 0,
  theta,
  m: new Float32Array(theta.length),
  v: new Float32Array(theta.length),
  ema: theta.slice(),
});

/**
 * Trains by the objective from `start` to the last step, reporting every `reportEvery` steps (never across a multiple of it,
 * so that a resumed run makes the same calls).
 */
export async function* trainer(
  engine: Engine,
  objective: Objective,
  layout: Layout,
  shape: Shape,
  batches: Batches,
  start: TrainState,
  options: TrainerOptions & { readonly reportEvery: number },
  signal?: AbortSignal,
): AsyncGenerator<TrainProgress, TrainState> {
  const stepper = stepperFor(engine, { objective, layout, shape, ...options }, options);
  const put = (data: Float32Array) => engine.put({ data, shape: [data.length] });
  const perCall = stepsPerCall(shape, options, options.reportEvery);
  const held = {
    state: [put(start.theta), put(start.m), put(start.v), put(start.ema), put(new Float32Array(1))],
  };
  const argsOf = (step: number): StepArgs => {
    const x0 = new Float32Array(options.batch * sizeOf(shape));
    batches(x0, step);
    return { step, x0, labels: options.labels?.(step) };
  };
  let step = start.step;
  try {
    while (step < options.steps) {
      signal?.throwIfAborted();
      const until = Math.min(
        options.steps,
        (Math.floor(step / options.reportEvery) + 1) * options.reportEvery,
      );
      for (let from = step; from < until; from += perCall) {
        const args = Array.from({ length: Math.min(perCall, until - from) }, (_, i) => argsOf(from + i));
        const current = held.state;
        held.state = [];
        held.state = await stepper.advance(current, args, signal);
      }
      const total = (await engine.read(held.state[4]!))[0]!;
      if (!Number.isFinite(total)) throw diverged(until);
      engine.free(held.state[4]!);
      held.state[4] = put(new Float32Array(1));
      const made = until - step;
      step = until;
      yield {
        step,
        steps: options.steps,
        loss: total / made,
        state: () => readState(engine, held.state, until),
      };
    }
    return await readState(engine, held.state, step);
  } finally {
    engine.free(...held.state);
    await stepper.dispose();
  }
}

/** As many values of data, noise and masks as one native call may carry: 64 MiB. */
const VALUES_PER_CALL = 2 ** 24;

/** Training steps of one call, which holds what all its steps are given. */
export function stepsPerCall(
  shape: Shape,
  { batch, drops }: Pick<TrainerOptions, 'batch' | 'drops'>,
  most: number,
): number {
  const masks = (drops?.shapes ?? []).reduce((sum, each) => sum + sizeOf(each), 0);
  const values = batch * (2 * sizeOf(shape) + masks);
  return Math.max(1, Math.min(most, Math.floor(VALUES_PER_CALL / values)));
}

async function readState(engine: Engine, state: readonly Value[], step: number): Promise<TrainState> {
  const [theta, m, v, ema] = await Promise.all(state.slice(0, 4).map(value => engine.read(value)));
  return { step, theta: theta!, m: m!, v: v!, ema: ema! };
}

const diverged = (step: number) =>
  failure('Training diverged: the loss is no longer a number', {
    where: `step ${step}`,
    remedy: 'Lower the learning rate (--learning-rate), or look for extreme values in the data',
  });
