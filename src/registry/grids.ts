import type { Grid } from '../solve/contract.ts';
import { grids } from '../solve/grids.ts';
import { type TabledGrid, tabled } from '../solve/tabled-grid.ts';
import { make, type Named, type NamedIn } from './named.ts';

/** A name in `grids`. */
export type GridName = keyof typeof grids;

/** A time grid: a name, a name with its options, a table, or a grid of your own. */
export type GridSpec = NamedIn<typeof grids> | TabledGrid | Grid;

/**
 * Makes a grid from a name, a name with options, a table or a value; default `uniform`.
 * @throws usage for an unknown name; the error suggests the nearest one
 */
export function makeGrid(spec: GridSpec = 'uniform'): Grid {
  if (typeof spec === 'function') return spec;
  if (typeof spec === 'object' && spec?.name === 'tabled') return tabled(spec);
  return make('grid', grids, spec as string | Named);
}
