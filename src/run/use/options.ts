import type { Engine, EngineName } from '../../engine/index.ts';
import { usage } from '../../errors.ts';
import type { GridSpec } from '../../registry/grids.ts';
import type { SolverSpec } from '../../registry/solvers.ts';
import type { BatchOptions } from '../../solve/batches.ts';
import type { LabelOptions } from './labels.ts';

/**
 * How a run is used: the solver and its steps, the engine, the seed (default 0), micro-batches, progress,
 * abortion.
 */
export interface UseOptions extends BatchOptions, LabelOptions {
  /** A solver by name, with options or by value. Each function says which it takes by default. */
  readonly solver?: SolverSpec;
  /** Steps of the grid; default 100, none for adaptive solvers. */
  readonly steps?: number;
  /** Where the steps fall, by name, by table or by value. Default `uniform`. */
  readonly grid?: GridSpec;
  /** Relative and absolute error allowed an adaptive solver; default 1e-5. */
  readonly tolerance?: number;
  /**
   * A name in `engines`, `auto` or an engine of your own. Default `auto`: `onnx` where it loads, else `wasm`.
   */
  readonly engine?: EngineName | 'auto' | Engine;
  /** Seed of all that is drawn, a whole number from 0 to 2⁵³ − 1. Default 0. */
  readonly seed?: number;
}

/** The tolerance of a run's user as a solver takes it. */
export const tolerances = (tolerance?: number) => {
  if (tolerance === undefined) return {};
  if (tolerance > 0) return { tolerances: { rtol: tolerance, atol: tolerance } };
  throw usage('The tolerance has to be above 0', { where: 'tolerance', got: tolerance });
};
