import type { StoredAt } from '../files/index.ts';

/** A tensor in the public API: row-major float32 values and their shape. */
export interface PlainTensor {
  /** Row-major values: ∏ᵢ shape[i] of them. */
  readonly data: Float32Array;
  /** The lengths of the axes; [] for a scalar. */
  readonly shape: readonly number[];
  /**
   * The place in a file that holds the same numbers, for tensors that read `data` only at its first access.
   */
  readonly stored?: StoredAt | undefined;
}

/**
 * Values in the units of the data, row-major: float64, since the values of a column may be large compared
 * with their spread (1e9 ± 1).
 */
export interface DataTensor {
  /** Row-major values: ∏ᵢ shape[i] of them. */
  readonly data: Float64Array;
  /** The lengths of the axes, `[N, ...D]`. */
  readonly shape: readonly number[];
}

/** Input values in either precision. */
export interface HostTensor {
  /** Row-major values: ∏ᵢ shape[i] of them. */
  readonly data: Float32Array | Float64Array;
  /** The lengths of the axes, `[N, ...D]`. */
  readonly shape: readonly number[];
}

/** The lengths of the axes of a tensor, the batch first: `[B, ...D]`. */
export type Shape = readonly number[];

declare const opaque: unique symbol;

/**
 * A value inside a tensor program. Only the operations of this room can reach its contents. So the same
 * function can be run at once, traced into a graph, or replayed to collect the numbers it uses.
 */
export interface Tensor {
  /** The lengths of the axes, the batch first: `[B, ...D]`. */
  readonly shape: number[];
  /** Prevents other objects from passing as tensors. */
  readonly [opaque]: 'tensor';
}

/** A number of the theory: one for the whole batch, or one for each sample (length B). Always float64. */
export type Coefficient = number | Float64Array;

/**
 * What an arithmetic operation accepts. A per-sample coefficient runs along the leading axis of the other
 * operand.
 */
export type Operand = Tensor | Coefficient;

/** Named tensors: weights are values, so that EMA, optimiser and checkpoint are maps. */
export type Params = { [name: string]: Tensor };

/** Named weights outside a program. */
export type PlainParams = { [name: string]: PlainTensor };

/** Pixels of one sample, [H, W] or [C, H, W]; 1 for a row of a table. */
export const placesOf = (shape: Shape): number => (shape.length > 1 ? sizeOf(shape.slice(-2)) : 1);

/** The number of values in a tensor of that shape: ∏ᵢ shape[i], 1 for a scalar. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, side) => product * side, 1);
