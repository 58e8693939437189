import type { Value } from '../engine/contract.ts';
import type { StepArgs } from './gradient.ts';

/** Makes training steps on weights, moments, average and summed loss: [θ, m, v, ema, total]. */
export interface Stepper {
  /** Steps to make in one go: nothing else is heard meanwhile. */
  readonly most: number;
  /** The state given is consumed. */
  advance(state: readonly Value[], args: readonly StepArgs[]): Promise<Value[]>;
  dispose(): Promise<void>;
}
