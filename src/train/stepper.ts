import type { Engine } from '../engine/contract.ts';
import { MOST_WEIGHTS } from '../solve/lanes.ts';
import { placesOf, reshape, sizeOf } from '../tensor/index.ts';
import { advanced } from './chains.ts';
import type { Stepper } from './contract.ts';
import { lossAndGradient, type StepArgs, type Task } from './gradient.ts';
import { sideBySide } from './shares.ts';
import { type UpdateOptions, updated } from './update.ts';

/**
 * The number of uses of each weight in a step (rows times pixels) from which it pays to transfer its gradient
 * from a lane.
 */
const LEAST_USES = 1 << 15;
/** Steps in one native call, during which signals have to wait. For image networks these take seconds. */
const STEPS_OF_IMAGES = 5;

/**
 * Steps in one program; or, for networks that use each weight often (image networks), gradients of shares of
 * the batch on lanes.
 */
export function stepperFor(engine: Engine, task: Task, options: UpdateOptions): Stepper {
  const { batch, shape, layout } = task;
  const weights = layout.sizes.reduce((sum, size) => sum + size, 0);
  const worth = !task.objective.chains && batch * placesOf(shape) >= LEAST_USES && weights <= MOST_WEIGHTS;
  const lanes = worth ? Math.min(engine.lanes, batch) : 1;
  return lanes > 1 ? sideBySide(engine, task, options, lanes) : inOne(engine, task, options);
}

/** Loss, gradients, clipping, Adam and the moving average as one program, iterated. */
export function inOne(engine: Engine, task: Task, options: UpdateOptions): Stepper {
  const whole = { first: 0, rows: task.batch };
  const program = engine.compile<StepArgs>((_weights, state, args) => {
    const { chains } = task.objective;
    const carried = chains && advanced(task, chains, state[0]!, state[5]!, args);
    const negatives = carried && reshape(carried, [task.batch, ...task.shape]);
    const { loss, gradient } = lossAndGradient(task, state[0]!, args, whole, negatives);
    const place = { step: args.step, seed: task.seed, size: sizeOf(task.shape) };
    return [...updated(state, gradient, loss, place, options), ...(carried ? [carried] : [])];
  });
  const most = task.shape.length > 1 ? STEPS_OF_IMAGES : Number.POSITIVE_INFINITY;
  return {
    most,
    advance: (state, args) => program.iterate(state, args),
    dispose: () => program.dispose(),
  };
}
