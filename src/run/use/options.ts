import type { Engine, EngineName } from '../../engine/index.ts';
import { usage } from '../../errors.ts';
import type { GridSpec } from '../../registry/grids.ts';
import type { SolverSpec } from '../../registry/solvers.ts';
import type { BatchOptions } from '../../solve/batches.ts';
import type { LabelOptions } from './labels.ts';

/**
 * How a run is used: the solver and its steps, the engine, the seed (default 0), micro-batches, progress,
 * abort signal.
 */
export interface UseOptions extends BatchOptions, LabelOptions {
  /** A solver as a name, a name with options or a value. Each function states its default. */
  readonly solver?: SolverSpec;
  /** Steps of the grid; default 100, and none for adaptive solvers. */
  readonly steps?: number;
  /** The positions of the steps: a name, a table or a value. Default `uniform`. */
  readonly grid?: GridSpec;
  /** Relative and absolute tolerance of an adaptive solver; default 1e-5. */
  readonly tolerance?: number;
  /**
   * A name in `engines`, `auto` or an engine of your own. Default `auto`: the first of `onnx`,
   * `onnx-web` and `wasm` that loads.
   */
  readonly engine?: EngineName | 'auto' | Engine;
  /** Seed of all random numbers, a whole number from 0 to 2⁵³ − 1. Default 0. */
  readonly seed?: number;
}

/** The tolerance of `UseOptions` in the form that solvers take. */
export const tolerances = (tolerance?: number) => {
  if (tolerance === undefined) return {};
  if (tolerance > 0) return { tolerances: { rtol: tolerance, atol: tolerance } };
  throw usage('The tolerance has to be above 0', { where: 'tolerance', got: tolerance });
};
