import type { Key } from '../random/index.ts';
import type { DataTensor, PlainTensor } from '../tensor/types.ts';
import type { Stranger } from './columns/infer/outcome.ts';
import type { ColumnKind, TableLayout } from './columns/kinds.ts';
import type { TextOptions } from './formats/text/contract.ts';
import type { Overlap } from './overlap.ts';
import type { RowHashes } from './row-hashes.ts';
import type { Transform } from './units/contract.ts';

/**
 * A Gaussian mixture Σₖ weights[k] · N(means[k], diag(stds[k]²)). `means` and `stds` are `[K, D]`, one row a
 * component.
 */
export interface Mixture {
  /** Weight of each component: above 0, with sum 1. */
  readonly weights: readonly number[];
  /** Means, `[K, D]`. */
  readonly means: readonly (readonly number[])[];
  /** Standard deviations, `[K, D]`, above 0. */
  readonly stds: readonly (readonly number[])[];
}

/** The classes of the rows of a data set. */
export interface Labels {
  /** Where the classes come from: a column, a file, or `own`. */
  readonly source: string;
  /** The names of the K classes, in the order of their numbers. */
  readonly classes: readonly string[];
  /** `[count]`: the class, 0 to K − 1, of each row of this part, in file order. */
  readonly values: Int32Array;
  /** `[size]`: the classes of the rows that `batch` writes for the same key, step and size. */
  batch(key: Key, step: number, size: number): Int32Array;
}

/** The contexts of rows: what a conditional model gets besides their coordinates. */
export interface Contexts {
  /** The contexts, `[size, width]`, of the rows that `batch` writes for the same key, step and size. */
  batch(key: Key, step: number, size: number): PlainTensor;
  /** The contexts, `[samples.length, width]`, of the rows that `read` writes. None of them is random. */
  read(key: Key, samples: Uint32Array, repeat?: number): PlainTensor;
}

/** A mixture of Gaussians that describes the rows of a table better than their Gaussian. */
export interface MixtureStart {
  /** The transform with the mixture. */
  readonly transform: Transform;
  /** The same, fitted to the rows of the validation too, if there are few. */
  readonly transformOfAll?: Transform;
  /** The rows of the validation under this transform. */
  readonly validation: Dataset;
}

/**
 * Data for training and scoring: a density with an endless stream of samples, or a table with finitely many
 * rows.
 *
 * There are two kinds of units. A network sees *model units* z; `batch` and `read` use them. People and files
 * use *original units* x, as do `all`, `logDensity` and `mixture`. `transform` maps between them.
 */
export interface Dataset {
  /** The name of a toy density, or the file or folder, as passed when the data were opened. */
  readonly name: string;
  /** Shape of one sample: `[D]` for a table, `[28, 28]` for an image. */
  readonly shape: readonly number[];
  /** Number of rows in this part of the data; Infinity for a density. */
  readonly count: number;
  /** The column names of a table, in the order of the values. */
  readonly columns?: readonly string[];
  /** What each column of a table holds, in the same order. */
  readonly kinds?: readonly ColumnKind[];
  /** Every column of the file, in its order: how rows are written like it. */
  readonly layout?: TableLayout;
  /** For a table: the file's row number, from 0, of each row of this part. */
  readonly rows?: Uint32Array;
  /** The absolute location of a file or folder. */
  readonly path?: string;
  /** The map from original units to model units. */
  readonly transform: Transform;
  /** Whether `batch` mirrors images left to right with probability ½. */
  readonly flips?: true;
  /** For an `.npz` with several arrays: the name of this one. */
  readonly array?: string;
  /** For a text table: the options that describe its layout. */
  readonly text?: TextOptions;
  /** For a folder of images: the side length to which they were scaled and cropped. */
  readonly size?: number;
  /** For a folder of images: the background colour behind transparent pixels. */
  readonly background?: string;
  /** Cells of names that the kinds do not know, where such are told: these cells are missing. */
  readonly strangers?: readonly Stranger[];
  /** Remarks for the user: columns left out, bins assumed. */
  readonly notes: readonly string[];
  /**
   * Writes the training batch of `step`, `[size, ...shape]` in model units. It depends only on the key, step
   * and size.
   *
   * Batches are consecutive pieces, `step · size + row`, of one endless sequence. For a density, the sequence
   * is its keyed stream of points. For a table, it is one keyed shuffle of all rows after another: each row
   * comes once an epoch, and a batch may span two epochs. Each visit has new dequantisation draws (keyed by
   * epoch and row).
   */
  batch(out: Float32Array, key: Key, step: number, size: number): void;
  /**
   * Writes chosen samples, `[samples.length, ...shape]` in model units: rows of the table in file order, or
   * points of a density's keyed stream. `repeat` (default 0) numbers the dequantisation draws. Use a separate
   * stream for evaluation.
   */
  read(out: Float32Array | Float64Array, key: Key, samples: Uint32Array, repeat?: number): void;
  /**
   * log|det dz/dx| of the rows that `read` writes, and for categories the terms that turn log-densities of
   * points into lower bounds of those of rows; finite data only.
   */
  logDeterminants?(key: Key, samples: Uint32Array, repeat?: number): Float64Array;
  /** All rows, `[count, ...shape]` in original units, as in the file (not dequantised); finite data only. */
  all?(): DataTensor;
  /** Hashes of each row of this part, in file order. They identify a row in any file. */
  hashes?(): RowHashes;
  /** Which rows of this part are those with these hashes, as they are or saved with fewer digits. */
  overlap?(trained: RowHashes): Overlap;
  /** Closes the files that rows are read from. Only streamed data have it. */
  close?(): void;
  /** The exact log-density of one point x `[D]`, in nats and original units, if known. */
  logDensity?(x: Float64Array): number;
  /** The density as a Gaussian mixture in original units, if it is one. */
  readonly mixture?: Mixture;
  /** The classes of the rows, if labels were requested. */
  readonly labels?: Labels;
  /** The contexts of rows, if some values are missing or the model answers questions. */
  readonly contexts?: Contexts;
  /** Rows kept from `batch` to decide when training stops. */
  readonly validation?: Dataset;
  /** The same transform, fitted to the rows of the validation too, if there are few. */
  readonly transformOfAll?: Transform;
  /** For a table with rows for validation: a mixture of Gaussians that may do better than a network. */
  readonly mixtureStart?: MixtureStart;
}
