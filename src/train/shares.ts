import type { Engine, Value } from '../engine/contract.ts';
import { deal } from '../solve/lanes.ts';
import { placesOf, sizeOf } from '../tensor/index.ts';
import type { Stepper } from './contract.ts';
import { lossAndGradient, type Share, type StepArgs, type Task } from './gradient.ts';
import { type UpdateOptions, updated } from './update.ts';

/**
 * Pixels (times rows) of a share. With fewer a thread is used badly; with more a share only takes more
 * memory.
 */
const MOST_PLACES = 1 << 14;

/** The same step from the mean gradient of shares of the batch, which are dealt to lanes. */
export function sideBySide(engine: Engine, task: Task, options: UpdateOptions, count: number): Stepper {
  const shares = sharesOf(task.batch, placesOf(task.shape), count);
  const lanes = Array.from({ length: count }, (_, lane) => lane);
  const slope = engine.compile<{ args: StepArgs; share: Share }>((_weights, [theta], { args, share }) => {
    const { loss, gradient } = lossAndGradient(task, theta!, args, share);
    return [gradient, loss];
  });
  const update = engine.compile<number>((_weights, inputs, step) => {
    const [gradient, loss, ...state] = inputs;
    const place = { step, seed: task.seed, size: sizeOf(task.shape) };
    return updated(state, gradient!, loss!, place, options);
  });
  const one = async (state: readonly Value[], args: StepArgs, signal?: AbortSignal): Promise<Value[]> => {
    const results = shares.map((): Value[] => []);
    const means: Value[] = [];
    try {
      await deal(shares.length, lanes, signal, async (i, lane) => {
        results[i] = await slope.run([state[0]!], { args, share: shares[i]! }, lane);
      });
      for (const i of [0, 1]) {
        const parts = results.map(each => each[i]!);
        means.push(await meanOf(engine, parts, shares));
      }
      const next = await update.run([...means, ...state], args.step);
      engine.free(...state);
      return next;
    } catch (error) {
      if (!signal?.aborted || error !== signal.reason) engine.free(...state);
      throw error;
    } finally {
      engine.free(...results.flat(), ...means);
    }
  };
  return {
    most: 1,
    async advance(state, args, signal) {
      let tensors = [...state];
      for (const each of args) tensors = await one(tensors, each, signal);
      return tensors;
    },
    dispose: async () => void (await Promise.all([slope.dispose(), update.dispose()])),
  };
}

/**
 * Shares of equal size (up to one row), the same number for each lane. So the memory of a step is that of the
 * shares in work, however large its batch is.
 */
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
