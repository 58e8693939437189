import { refuseConstant, refuseNarrow, refuseOutside } from './fit-faults.ts';
import { moments } from './moments.ts';
import type { Scaling } from './scalings.ts';
import { areBytes, type Numbers, type Table, width } from './table.ts';
import type { AffineTransform } from './units/contract.ts';
import type { Grid } from './units/grid.ts';
import { affine } from './units/transform.ts';

/** How a transform is fitted. */
export interface FitOptions {
  /** A name of `scalings`. */
  readonly scaling: Scaling;
  /**
   * The step over which each value of a row is spread: x = value + u·width, u ~ U[0, 1). The mean rises by
   * width/2, the variance by width²/12, and L levels fill [0, L].
   */
  readonly grids: readonly (Grid | undefined)[];
  /** L, for `symmetric` and `unit` */
  readonly levels: number;
}

/** The transform of a table, fitted on its training rows alone. */
export function fitTransform(table: Table<Numbers>, rows: Uint32Array, options: FitOptions): AffineTransform {
  const { scaling, grids, levels } = options;
  const dimension = width(table);
  if (scaling === 'standard') return standardize(table, rows, grids);
  if (scaling === 'none')
    return affine(new Float64Array(dimension), new Float64Array(dimension).fill(1), grids);
  if (!(areBytes(table) && levels >= 256)) refuseOutside(table, scaling, levels);
  const part = scaling === 'unit' ? 1 : 1 / 2;
  const scale = new Float64Array(dimension);
  for (let d = 0; d < dimension; d++) scale[d] = part * (grids[d] ? levels : levels - 1);
  return affine(scaling === 'unit' ? new Float64Array(dimension) : scale, scale, grids);
}

function standardize(
  table: Table<Numbers>,
  rows: Uint32Array,
  grids: readonly (Grid | undefined)[],
): AffineTransform {
  const { mean, std } = moments(table, rows);
  const step = (d: number) => grids[d]?.width ?? 0;
  const scale = std.map((value, d) => Math.hypot(value, step(d) / Math.sqrt(12)));
  refuseConstant(table, scale);
  refuseNarrow(table, mean, scale);
  return affine(
    mean.map((value, d) => value + step(d) / 2),
    scale,
    grids,
  );
}
