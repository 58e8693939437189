import type { Grid } from '../solve/contract.ts';
import { grids } from '../solve/grids.ts';
import { type TabledGrid, tabled } from '../solve/tabled-grid.ts';
import { type Factories, makeEntry, type Named, type NamedIn } from './named.ts';

/** A name in `grids`. */
export type GridName = keyof typeof grids;

/** What may stand for a time grid: a name, a name with its options, a table, or a grid of your own. */
export type GridSpec = NamedIn<Factories<typeof grids>> | TabledGrid | Grid;

/**
 * A grid by name, by table or by value; default `uniform`.
 * @throws usage for an unknown name, with the nearest that there is
 */
export function makeGrid(spec: GridSpec = 'uniform'): Grid {
  if (typeof spec === 'function') return spec;
  if (typeof spec === 'object' && spec?.name === 'tabled') return tabled(spec);
  return makeEntry('grid', grids, spec as string | Named);
}
