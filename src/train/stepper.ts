import { setImmediate } from 'node:timers/promises';
import type { Engine, Value } from '../engine/contract.ts';
import { deal } from '../solve/lanes.ts';
import { add, combine, type Shape, sizeOf, type Tensor } from '../tensor/index.ts';
import { type AdamOptions, adam, clipped } from './adam.ts';
import { lossAndGradient, type Share, type StepArgs, type Task } from './gradient.ts';
import { emaDecayAt, type RateOptions, rateAt } from './rate.ts';

export interface UpdateOptions extends RateOptions, AdamOptions {
  /** Global gradient norm above which gradients are scaled down. */
  readonly clip: number;
  readonly ema: number;
}

/** Makes training steps on weights, moments, average and summed loss: [θ, m, v, ema, total]. The state given is consumed. */
export interface Stepper {
  /** @throws AbortError soon after `signal` says so, with nothing left behind */
  advance(state: readonly Value[], args: readonly StepArgs[], signal?: AbortSignal): Promise<Value[]>;
  dispose(): Promise<void>;
}

/** Weights of which every lane can hold a copy. */
const MOST_WEIGHTS = 1 << 24;
/** How often a step has to use each weight, for its gradient to be worth carrying from a lane: rows times places in an image. */
const LEAST_USES = 1 << 15;
/** Steps of one native call, during which nothing else is heard: those of networks for images take seconds. */
const STEPS_OF_IMAGES = 5;
/** Places of a share: fewer make poor use of a thread, more only hold more memory. */
const MOST_PLACES = 1 << 14;

/** Steps in one program, or gradients of shares of the batch on lanes where each weight is used often: in networks for images. */
export function stepperFor(engine: Engine, task: Task, options: UpdateOptions): Stepper {
  const { batch, shape, layout } = task;
  const weights = layout.sizes.reduce((sum, size) => sum + size, 0);
  const worth = batch * placesOf(shape) >= LEAST_USES && weights <= MOST_WEIGHTS;
  const lanes = worth ? Math.min(engine.lanes, batch) : 1;
  return lanes > 1 ? sideBySide(engine, task, options, lanes) : inOne(engine, task, options);
}

/** Pixels of an image, [H, W] or [C, H, W]; 1 of a row of a table. */
const placesOf = (shape: Shape) => (shape.length > 1 ? sizeOf(shape.slice(-2)) : 1);

/** Loss, gradients, clipping, Adam and the moving average as one program, iterated. */
export function inOne(engine: Engine, task: Task, options: UpdateOptions): Stepper {
  const whole = { first: 0, rows: task.batch };
  const program = engine.compile<StepArgs>((_weights, state, args) => {
    const { loss, gradient } = lossAndGradient(task, state[0]!, args, whole);
    return updated(state, gradient, loss, args.step, options);
  });
  const most = task.shape.length > 1 ? STEPS_OF_IMAGES : Number.POSITIVE_INFINITY;
  const some = (state: readonly Value[], args: readonly StepArgs[]) => program.iterate(state, args);
  return { advance: stretches(engine, most, some), dispose: () => program.dispose() };
}

/** The same step from the mean of gradients of shares of the batch, dealt to lanes. */
export function sideBySide(engine: Engine, task: Task, options: UpdateOptions, count: number): Stepper {
  const shares = sharesOf(task.batch, placesOf(task.shape), count);
  const lanes = Array.from({ length: count }, (_, lane) => lane);
  const slope = engine.compile<{ args: StepArgs; share: Share }>((_weights, [theta], { args, share }) => {
    const { loss, gradient } = lossAndGradient(task, theta!, args, share);
    return [gradient, loss];
  });
  const update = engine.compile<number>((_weights, inputs, step) => {
    const [gradient, loss, ...state] = inputs;
    return updated(state, gradient!, loss!, step, options);
  });
  const one = async (state: readonly Value[], [args]: readonly StepArgs[]): Promise<Value[]> => {
    const found = shares.map((): Value[] => []);
    await deal(shares.length, lanes, undefined, async (i, lane) => {
      found[i] = await slope.run([state[0]!], { args: args!, share: shares[i]! }, lane);
    });
    const means = await Promise.all(
      [0, 1].map(i =>
        meanOf(
          engine,
          found.map(each => each[i]!),
          shares,
        ),
      ),
    );
    try {
      return await update.run([...means, ...state], args!.step);
    } finally {
      engine.free(...found.flat(), ...means, ...state);
    }
  };
  return {
    advance: stretches(engine, 1, one),
    dispose: async () => void (await Promise.all([slope.dispose(), update.dispose()])),
  };
}

/** Makes at most `most` steps at a time, between which it listens to the signal. */
const stretches =
  (
    engine: Engine,
    most: number,
    some: (state: readonly Value[], args: readonly StepArgs[]) => Promise<Value[]>,
  ): Stepper['advance'] =>
  async (state, args, signal) => {
    let held = [...state];
    for (let from = 0; from < args.length; from += most) {
      // An engine that computes at once gives no other work a turn, the one that aborts neither.
      if (signal) await setImmediate();
      if (signal?.aborted) engine.free(...held);
      signal?.throwIfAborted();
      held = await some(held, args.slice(from, from + most));
    }
    return held;
  };

/** Equal shares (but for a row), as many for each lane: the memory of a step is that of those at work, however large its batch. */
function sharesOf(batch: number, places: number, lanes: number): Share[] {
  const most = Math.max(1, Math.floor(MOST_PLACES / places));
  const count = Math.min(batch, lanes * Math.ceil(batch / (lanes * most)));
  const start = (i: number) => Math.round((batch * i) / count);
  return Array.from({ length: count }, (_, i) => ({ first: start(i), rows: start(i + 1) - start(i) }));
}

/** Σ rows·value / Σ rows, in float64. */
async function meanOf(engine: Engine, values: readonly Value[], shares: readonly Share[]): Promise<Value> {
  const total = shares.reduce((sum, { rows }) => sum + rows, 0);
  const parts = await Promise.all(values.map(engine.read));
  const data = new Float32Array(parts[0]!.length);
  for (let i = 0; i < data.length; i++) {
    let sum = 0;
    for (let k = 0; k < parts.length; k++) sum += shares[k]!.rows * parts[k]![i]!;
    data[i] = sum / total;
  }
  return engine.put({ data, shape: values[0]!.shape });
}

/** The state after a step down the (clipped) gradient by Adam, with `loss` added to the sum. */
function updated(
  [theta, m, v, ema, total]: readonly Tensor[],
  gradient: Tensor,
  loss: Tensor,
  step: number,
  o: UpdateOptions,
): Tensor[] {
  const next = adam({ theta: theta!, m: m!, v: v! }, clipped(gradient, o.clip), rateAt(step, o), step, o);
  const decay = emaDecayAt(step, o.ema);
  const average = combine([decay, ema!], [1 - decay, next.theta]);
  return [next.theta, next.m, next.v, average, add(total!, loss)];
}
