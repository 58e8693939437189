import type { PlainTensor } from '../../tensor/types.ts';
import type { AskedComponent } from './asked-mixture.ts';
import type { RowAtom } from './atoms.ts';
import type { CellMap, CellMapJson } from './cell-map.ts';
import type { Column } from './column.ts';
import type { Gaussian } from './gaussian.ts';
import type { GridJson } from './grid.ts';
import type { GaussianMixture } from './mixture.ts';

/** An affine transform in JSON. Its numbers keep every bit. */
export interface AffineTransformJson {
  /** The x that maps to 0, for each of D columns. */
  readonly shift: readonly number[];
  /** The length in x that maps to 1, above 0. */
  readonly scale: readonly number[];
  /** Whether every value is a whole number; or the grid of each value, null for a continuous one. */
  readonly bins: boolean | readonly (GridJson | null)[];
}

/** A mixture of K Gaussians over D standardised coordinates in JSON. */
export interface MixtureJson {
  /** Weight of each component, above 0, with sum 1. */
  readonly weights: readonly number[];
  /** Mean of each component, `[K][D]`. */
  readonly means: readonly (readonly number[])[];
  /** Covariance of each component, row-major, `[K][D·D]`. */
  readonly covariances: readonly (readonly number[])[];
}

/** The transform of a table in JSON. Its numbers keep every bit. */
export interface TableTransformJson {
  /** The map of each cell of a row, `[C]`. */
  readonly cells: readonly CellMapJson[];
  /** The Gaussian of the coordinates. */
  readonly gaussian: {
    /** Mean, `[D]`. */
    readonly mean: readonly number[];
    /** Covariance, row-major `[D·D]`, or only variances, `[D]`. */
    readonly covariance: readonly number[];
  };
  /** The mixture from which a model starts; absent if it starts from the Gaussian. */
  readonly mixture?: MixtureJson | undefined;
}

/** A transform in JSON. */
export type TransformJson = AffineTransformJson | TableTransformJson;

/**
 * The map between rows of C cells in data units and rows of D coordinates in model units. Units change
 * nowhere else. A row becomes a *point* first: values on a grid are spread over their steps, categories over
 * their codes. The map of points is exact and differentiable.
 */
interface RowMap {
  /** C, the number of cells of a row. */
  readonly width: number;
  /** D, the number of coordinates of a row. */
  readonly size: number;
  /** Whether all cells are numbers with steps. A density over x then gives probabilities of values. */
  readonly bins: boolean;
  /** Whether points are drawn, because some cells have steps or are categories. */
  readonly steps: boolean;
  /** Σ log step width; 0 if all steps are 1. */
  readonly logStep: number;
  /** The points, `[n, D]`, of rows `[n, C]`: x + u·width for steps, u ~ U[0, 1) `[n, D]`. */
  spread(x: Float64Array, u: Float64Array): Float64Array;
  /** The rows `[n, C]` of points `[n, D]`: the value or category to which each point belongs. */
  settle(points: Float64Array): Float64Array;
  /** Points to coordinates, `[n, D]`. */
  forward<T extends Float32Array | Float64Array>(points: ArrayLike<number>, out: T): T;
  /** Coordinates to points, `[n, D]`. */
  inverse<T extends Float32Array | Float64Array>(z: ArrayLike<number>, out: T): T;
  /** log|det dz/dx| at each point: log p_x(x) = log p_z(z) + log|det dz/dx|. */
  logDeterminants(points: ArrayLike<number>): Float64Array;
}

/** z = (x − shift)/scale, one column at a time; C = D. */
export interface AffineTransform extends RowMap {
  /** Tells it from the transform of a table. */
  readonly kind: 'affine';
  /** The map of each column. */
  readonly columns: readonly Column[];
  /** Shift of each column. */
  readonly shift: Float64Array;
  /** Scale of each column, above 0. */
  readonly scale: Float64Array;
  /** log|det dz/dx| = −Σ log scale. */
  readonly logDeterminant: number;
  /** Plain numbers, from which `transformFromJson` restores the same map. */
  toJSON(): AffineTransformJson;
}

/**
 * The transform of a table: each cell by a map of its own, then standardised. Questions about a row are
 * *states* of its coordinates (0 generated, 1 known, 2 absent), `[D]` for all rows or `[n, D]`; by default a
 * missing value (NaN) is absent and every other one is generated.
 */
export interface TableTransform extends RowMap {
  /** Tells it from an affine transform. */
  readonly kind: 'table';
  /** The map of each cell. */
  readonly cells: readonly CellMap[];
  /** The cell of each coordinate, `[D]`. */
  readonly places: Uint32Array;
  /** The Gaussian of the coordinates of all rows. */
  readonly gaussian: Gaussian;
  /** Its standard deviations, `[D]`. */
  readonly std: Float64Array;
  /** Points after the maps of their cells, before whitening, `[n, D]`. */
  coordinates(points: ArrayLike<number>): Float64Array;
  /** Points to coordinates; 0 for what is not generated. */
  forward<T extends Float32Array | Float64Array>(points: ArrayLike<number>, out: T, states?: Uint8Array): T;
  /** Coordinates to points. Writes the generated ones; the known values in `out` stay. */
  inverse<T extends Float32Array | Float64Array>(z: ArrayLike<number>, out: T, states?: Uint8Array): T;
  /** log|det| of the map of the generated coordinates. */
  logDeterminants(points: ArrayLike<number>, states?: Uint8Array): Float64Array;
  /**
   * What a model starts from, over the coordinates: the Gaussian of all rows as a mixture of one, or a
   * mixture. Absent for N(0, I).
   */
  readonly base?: GaussianMixture;
  /** The context of each row, for a conditional model, `[n, W]`: see `contextWidth`. */
  context(points: ArrayLike<number>, states: Uint8Array): PlainTensor;
  /**
   * The law of the generated coordinates under what a model starts from, given the known ones: the components
   * of a mixture, for one row of states and of coordinates in model units, `[D]`.
   */
  asked(states: Uint8Array, known: Float64Array): AskedComponent[];
  /** States of coordinates from states of cells, `[n, C]` to `[n, D]`. */
  states(cells: Uint8Array): Uint8Array;
  /** Whether some columns have bounds, to which `settle` brings points back. */
  readonly bounded: boolean;
  /** What turns log-densities of points into lower bounds of those of rows: the terms of categories. */
  logCells(x: ArrayLike<number>, points: Float64Array, states?: Uint8Array): Float64Array;
  /** The generated cells of each row `[n, C]` that are ends which many rows share; `states`: `[n, D]`. */
  atomsOf(x: ArrayLike<number>, states: Uint8Array): readonly (readonly RowAtom[])[];
  /** Plain numbers, from which `transformFromJson` restores the same map. */
  toJSON(): TableTransformJson;
}

/** The map between data units and model units. */
export type Transform = AffineTransform | TableTransform;
