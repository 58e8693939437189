import { type GridPilot, optimiseGrid } from '../solve/optimised-grid.ts';
import type { TabledGrid } from '../solve/tabled-grid.ts';
import { makeSolver } from './solvers.ts';

/**
 * What a grid is optimised for: the model, the solver and its number of steps; and for how many samples
 * (default 256) of which seed.
 */
export type PilotOptions = Omit<GridPilot, 'reference'>;

/**
 * A time grid for one model, one solver and one number of steps: `optimiseGrid` with the exact flow, computed
 * by `rk45`, as the reference.
 */
export const optimisedGrid = (options: PilotOptions): Promise<TabledGrid> =>
  optimiseGrid({ ...options, reference: makeSolver('rk45') });
