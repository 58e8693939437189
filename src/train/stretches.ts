import { setImmediate } from 'node:timers/promises';
import type { Engine, Value } from '../engine/contract.ts';
import type { StepArgs } from './gradient.ts';

/** Makes training steps on weights, moments, average and summed loss: [θ, m, v, ema, total]. The state given is consumed. */
export interface Stepper {
  /** @throws AbortError soon after `signal` says so, with nothing left behind */
  advance(state: readonly Value[], args: readonly StepArgs[], signal?: AbortSignal): Promise<Value[]>;
  dispose(): Promise<void>;
}

/** Makes at most `most` steps at a time, between which it listens to the signal. */
export const stretches =
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
