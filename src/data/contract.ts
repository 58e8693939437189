import type { Key } from '../random/index.ts';
import type { DataTensor } from '../tensor/types.ts';
import type { TextOptions } from './formats/text/contract.ts';
import type { Column } from './units/column.ts';
import type { GridJson } from './units/grid.ts';

/** A Gaussian mixture Σₖ weights[k] · N(means[k], diag(stds[k]²)): `means` and `stds` have one row a component, `[K, D]`. */
export interface Mixture {
  /** Weight of each component, above 0, with sum 1. */
  readonly weights: readonly number[];
  /** Means, `[K, D]`. */
  readonly means: readonly (readonly number[])[];
  /** Standard deviations, `[K, D]`, above 0. */
  readonly stds: readonly (readonly number[])[];
}

/** What a transform is when written down; numbers keep every bit through JSON. */
export interface TransformJson {
  /** The x that comes to 0, one for each of D columns. */
  readonly shift: readonly number[];
  /** The length in x that comes to 1, above 0. */
  readonly scale: readonly number[];
  /** Whether every value is a whole number, or the grid of each value, null for a continuous one. */
  readonly bins: boolean | readonly (GridJson | null)[];
}

/** The map between original units x and model units z, column by column of D values: the one place where units change. */
export interface Transform {
  /** The map of each column by itself. */
  readonly columns: readonly Column[];
  /** Of each column. */
  readonly shift: Float64Array;
  /** Of each column, above 0. */
  readonly scale: Float64Array;
  /** Whether all columns have steps: a density over x then gives probabilities of values. */
  readonly bins: boolean;
  /** Whether some have. */
  readonly steps: boolean;
  /** log|det dz/dx| = −Σ log scale: log p_x(x) = log p_z(z) + logDeterminant. */
  readonly logDeterminant: number;
  /** Σ log width of the steps, 0 for steps of 1. */
  readonly logStep: number;
  /** z = (x − shift)/scale for rows `[n, D]`. */
  forward<T extends Float32Array | Float64Array>(x: ArrayLike<number>, out: T): T;
  /** x = shift + scale·z for rows `[n, D]`. */
  inverse<T extends Float32Array | Float64Array>(z: ArrayLike<number>, out: T): T;
  /** Moves rows `[n, D]` of the data to places within their steps, in place: x + u·width, with u ~ U[0, 1) for each value. */
  spread(x: Float64Array, u: Float64Array): Float64Array;
  /** Moves rows `[n, D]` to the values whose steps they lie in, in place: the whole numbers below, where there are whole numbers. */
  settle(x: Float64Array): Float64Array;
  /** Plain numbers, of which `transformFromJson` makes the same map again. */
  toJSON(): TransformJson;
}

/** The classes of the rows of a data set. */
export interface Labels {
  /** What names them: a column, a file, or `own`. */
  readonly source: string;
  /** The K classes by name, in the order of their numbers. */
  readonly classes: readonly string[];
  /** `[count]`: the class, 0 to K − 1, of each row of this part in file order. */
  readonly values: Int32Array;
  /** `[size]`: the classes of the rows that `batch` gives for the same key, step and size. */
  batch(key: Key, step: number, size: number): Int32Array;
}

/**
 * What can be trained on and scored: a density that is drawn from without end, or a table with finitely many rows.
 *
 * Two kinds of units meet here. A network sees *model units* z = (x − shift)/scale, which `batch` and `read` give;
 * people and files have *original units* x, which `all`, `logDensity` and `mixture` are in. `transform` leads
 * from one to the other: log p_x(x) = log p_z(z) + transform.logDeterminant.
 */
export interface Dataset {
  /** What it was opened by: the name of a toy, or a path. */
  readonly name: string;
  /** Of one sample: `[D]` for a table, `[28, 28]` for an image. */
  readonly shape: readonly number[];
  /** Rows of this part of the data; Infinity for a density. */
  readonly count: number;
  /** The names of a table's columns, in the order of the values. */
  readonly columns?: readonly string[];
  /** For a table: the row of the file, from 0, that each row of this part is. */
  readonly rows?: Uint32Array;
  /** Where a file or folder lies, in full. */
  readonly path?: string;
  /** The map from original units to model units. */
  readonly transform: Transform;
  /** Whether `batch` turns images left to right with probability ½. */
  readonly flips?: true;
  /** Of an `.npz` with several arrays: which one. */
  readonly array?: string;
  /** Of a table of text: what was said of how it is written. */
  readonly text?: TextOptions;
  /** Of a folder of images: the side to which they were scaled and cut. */
  readonly size?: number;
  /** Of a folder of images: the colour that was laid behind transparent pixels. */
  readonly background?: string;
  /** What a person should be told: columns left out, bins assumed. */
  readonly notes: readonly string[];
  /**
   * Writes the training batch of `step`, `[size, ...shape]` in model units. It depends only on the key, step and size.
   *
   * Batches are consecutive stretches, `step · size + row`, of one endless sequence. For a density that is its keyed stream of points.
   * For a table it is one keyed shuffle of all rows after another, so that each row comes once an epoch and a batch may
   * span two epochs. Dequantising draws are new at each visit (keyed by epoch and row).
   */
  batch(out: Float32Array, key: Key, step: number, size: number): void;
  /**
   * Writes chosen samples, `[samples.length, ...shape]` in model units: rows of the table in file order, or points of
   * a density's keyed stream. `repeat` (default 0) numbers the dequantising draws; give evaluation a stream of its own.
   */
  read(out: Float32Array | Float64Array, key: Key, samples: Uint32Array, repeat?: number): void;
  /** All rows, `[count, ...shape]` in original units, as in the file (not dequantised); finite data only. */
  all?(): DataTensor;
  /** `[count]`: a hash of each row of this part, in file order, by which rows are known wherever they lie. */
  hashes?(): Float64Array;
  /** Closes the files that rows are read from; of data that are streamed only. */
  close?(): void;
  /** The exact log-density of one point x `[D]`, in nats and original units, where it is known. */
  logDensity?(x: Float64Array): number;
  /** The density as a Gaussian mixture in original units, where it is one. */
  readonly mixture?: Mixture;
  /** The classes of the rows, where they were asked for. */
  readonly labels?: Labels;
}
