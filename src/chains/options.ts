import type { Engine } from '../engine/contract.ts';
import type { BatchOptions } from '../solve/batches.ts';
import type { PlainTensor } from '../tensor/index.ts';
import type { Kernel, Target } from './contract.ts';

/** How chains are run. */
export interface ChainOptions extends BatchOptions {
  /** Where the program runs. */
  readonly engine: Engine;
  /** The distribution to draw from: `modelTarget`, `energyTarget` or your own. */
  readonly target: Target;
  /** The transition: a value of `kernels`. */
  readonly kernel: Kernel;
  /** Number of chains, independent of one another. Default 64. */
  readonly chains?: number;
  /** Draws kept from each chain, 1 or more; diagnostics need four. Default 500. */
  readonly draws?: number;
  /** Moves from one draw to the next, 1 or more. Default 1. */
  readonly thin?: number;
  /**
   * Moves before the first draw, which also adapt the step of each chain or visit the levels. Default 500.
   */
  readonly burnIn?: number;
  /** For a kernel that anneals: the number of levels, among which burn-in is divided. Default 20. */
  readonly levels?: number;
  /** Where chains start, [chains, ...D]. Default: N(0, spread²) of the target. */
  readonly start?: PlainTensor;
  /** Seed of starts and moves, a whole number from 0 to 2⁵³ − 1. Default 0. */
  readonly seed?: number;
}
