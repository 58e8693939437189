import { type GridPilot, optimiseGrid } from '../solve/optimised-grid.ts';
import type { TabledGrid } from '../solve/tabled-grid.ts';
import { makeSolver } from './solvers.ts';

/**
 * What a grid is optimised for: a model, a solver and its steps; and on how many samples (default 256) of
 * which seed.
 */
export type PilotOptions = Omit<GridPilot, 'reference'>;

/**
 * `optimiseGrid` against the exact flow as `rk45` gives it: a time grid for one model, solver and number of
 * steps.
 */
export const optimisedGrid = (options: PilotOptions): Promise<TabledGrid> =>
  optimiseGrid({ ...options, reference: makeSolver('rk45') });
