import type { Engine, Value } from '../engine/contract.ts';
import { failure } from '../errors.ts';
import type { Objective } from '../objectives/index.ts';
import { fillNormal, fillRademacher, key } from '../random/index.ts';
import {
  add,
  combine,
  concat,
  fromHost,
  type PlainTensor,
  reshape,
  type Shape,
  sizeOf,
  type Tensor,
  valueAndGrad,
} from '../tensor/index.ts';
import { type AdamOptions, adam, clipped } from './adam.ts';
import { type Drops, dropoutMasks, stepsPerCall } from './dropout.ts';
import { type Layout, pieces } from './flat.ts';
import { emaDecayAt, type RateOptions, rateAt } from './rate.ts';

/** Fills the clean data of a training step, [batch, ...shape]; the same for the same (seed, step). */
export type Batches = (out: Float32Array, step: number) => void;

export interface TrainerOptions extends RateOptions, AdamOptions {
  readonly batch: number;
  readonly seed: number;
  /** Global gradient norm above which gradients are scaled down. */
  readonly clip: number;
  readonly ema: number;
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

interface StepArgs {
  readonly step: number;
  readonly x0: Float32Array;
  readonly labels?: PlainTensor | undefined;
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
 * so that a resumed run makes the same calls). The step is one program: loss, gradients, clipping, Adam and the moving average.
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
  const program = engine.compile<StepArgs>((_weights, state, args) =>
    trainStep(objective, layout, shape, options, state, args),
  );
  const put = (data: Float32Array) => engine.put({ data, shape: [data.length] });
  const perCall = stepsPerCall(options.drops, options.batch, options.reportEvery);
  const held = {
    state: [put(start.theta), put(start.m), put(start.v), put(start.ema), put(new Float32Array(1))],
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
        const args = Array.from({ length: Math.min(perCall, until - from) }, (_, i) => ({
          step: from + i,
          x0: batchOf(batches, options.batch, shape, from + i),
          labels: options.labels?.(from + i),
        }));
        const current = held.state;
        held.state = [];
        held.state = await program.iterate(current, args);
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
    await program.dispose();
  }
}

function trainStep(
  objective: Objective,
  layout: Layout,
  shape: Shape,
  o: TrainerOptions,
  [theta, m, v, ema, total]: Tensor[],
  { step, x0, labels }: StepArgs,
): Tensor[] {
  const rows = [o.batch, ...shape];
  const noise = new Float32Array(sizeOf(rows));
  fillNormal(noise, key(o.seed, 'noise'), { step, first: 0, size: sizeOf(shape) });
  const [data, z, times] = [
    fromHost(x0, rows),
    fromHost(noise, rows),
    objective.times(o.seed, step, o.batch),
  ];
  const directions = (k: number) => {
    const signs = new Float32Array(sizeOf(rows));
    fillRademacher(signs, key(o.seed, `direction-${k}`), { step, first: 0, size: sizeOf(shape) });
    return fromHost(signs, rows);
  };
  // Labels and masks stand behind the weights, but are none: no gradient, no step.
  const told = [
    ...(labels ? [fromHost(labels.data, labels.shape)] : []),
    ...(o.drops ? dropoutMasks(o.drops, o.seed, step, o.batch) : []),
  ];
  const { value, grads } = valueAndGrad(
    weights => objective.loss([...weights, ...told], data, z, times, directions),
    pieces(theta!, layout),
  );
  const gradient = clipped(
    concat(
      grads.map((g, i) => reshape(g, [layout.sizes[i]!])),
      0,
    ),
    o.clip,
  );
  const next = adam({ theta: theta!, m: m!, v: v! }, gradient, rateAt(step, o), step, o);
  const decay = emaDecayAt(step, o.ema);
  const average = combine([decay, ema!], [1 - decay, next.theta]);
  return [next.theta, next.m, next.v, average, add(total!, reshape(value, [1]))];
}

function batchOf(batches: Batches, batch: number, shape: Shape, step: number): Float32Array {
  const out = new Float32Array(batch * sizeOf(shape));
  batches(out, step);
  return out;
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
