import { usage } from '../errors.ts';
import { type DataTensor, type HostTensor, sizeOf } from '../tensor/types.ts';
import type { Interval } from './window.ts';

/**
 * A density on a grid of equal cells. In two dimensions `values` is `[ny, nx]`, and `values[i, j]` is the
 * density at x = x₀ + (j + ½)(x₁ − x₀)/nx, y = y₀ + (i + ½)(y₁ − y₀)/ny. In one dimension `values` is `[nx]`,
 * without `y`. `gridPoints` returns these positions.
 */
export interface DensityGrid {
  /** The density in each cell: `[ny, nx]`, or `[nx]` for one dimension. */
  readonly values: HostTensor;
  /** The ends of the grid along x. */
  readonly x: Interval;
  /** The ends of the grid along y, for two dimensions. */
  readonly y?: Interval;
}

/** Throws for a density that does not fit points of `width` values. */
export function checkDensity(density: DensityGrid | undefined, width: number): void {
  if (!density) return;
  const { values, x, y } = density;
  const rank = y ? 2 : 1;
  const fits =
    values.shape.length === rank && sizeOf(values.shape) === values.data.length && values.data.length > 0;
  if (rank === width && fits && x[1] > x[0] && (!y || y[1] > y[0])) return;
  throw usage('The density does not fit', {
    where: 'plotSamples',
    got: `values of shape [${values.shape.join(', ')}] for points of ${width} values`,
    expected:
      'values [ny, nx] with ascending x and y for two dimensions, values [nx] with ascending x for one',
  });
}

/** A grid of nx × ny cells over the plane. */
export interface GridPlan {
  /** The ends of the grid along x. */
  readonly x: Interval;
  /** The ends of the grid along y. */
  readonly y: Interval;
  /** Cells along x. */
  readonly nx: number;
  /** Cells along y. */
  readonly ny: number;
}

/**
 * The centres of nx × ny equal cells over x × y, as points `[ny·nx, 2]`; x changes fastest. Evaluate a
 * density at these points for `plotSamples`; the results, in the shape `[ny, nx]`, are its `values`.
 */
export function gridPoints({ x, y, nx, ny }: GridPlan): DataTensor {
  if (![nx, ny].every(count => Number.isInteger(count) && count > 0)) {
    const expected = 'whole numbers above zero';
    throw usage('Bad grid', { where: 'gridPoints', got: `${nx} × ${ny}`, expected });
  }
  const centre = ([min, max]: Interval, i: number, count: number) => min + ((max - min) * (i + 0.5)) / count;
  const data = new Float64Array(2 * nx * ny);
  for (let i = 0; i < ny; i++) {
    for (let j = 0; j < nx; j++) data.set([centre(x, j, nx), centre(y, i, ny)], 2 * (i * nx + j));
  }
  return { data, shape: [nx * ny, 2] };
}
