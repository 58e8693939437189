import type { Value } from '../engine/contract.ts';
import type { StepArgs } from './gradient.ts';

/** Makes training steps on weights, moments, average and summed loss: [θ, m, v, ema, total]. */
export interface Stepper {
  /** The largest number of steps in one call. Until it ends, signals and reports have to wait. */
  readonly most: number;
  /**
   * Takes one step for each of `args`. It consumes `state`, unless it throws the reason of `signal`: a
   * stepper whose single step takes long may stop within it, and then leaves `state` as it was.
   */
  advance(state: readonly Value[], args: readonly StepArgs[], signal?: AbortSignal): Promise<Value[]>;
  dispose(): Promise<void>;
}
