/** What a factory of numbers at the public door looks like: row-major values and their shape. */
export interface PlainTensor {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

declare const opaque: unique symbol;

/**
 * A value of the tensor engine. Its contents are reached only through the operations of this room, so that the
 * same function can be run at once, traced into a graph, or replayed.
 */
export interface Tensor {
  readonly shape: number[];
  readonly [opaque]: 'tensor';
}

/** A number of the theory: one for the whole batch, or one for each sample (length B). Always float64. */
export type Coefficient = number | Float64Array;

/** What an arithmetic operation accepts: a per-sample coefficient meets the leading axis of its tensor partner. */
export type Operand = Tensor | Coefficient;

export type Shape = readonly number[];
