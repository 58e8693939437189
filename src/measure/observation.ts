import type { Coefficient, PlainTensor, Shape, Tensor } from '../tensor/index.ts';

/** Readings y = h(z) + n with independent errors. */
export interface Readings {
  /** y, [k]. */
  readonly value: Float64Array;
  /** Variances of the errors, [k]. */
  readonly variance: Float64Array;
}

/** Bounds low < h(z) < high. */
export interface Bounds {
  /** [k] */
  readonly low: Float64Array;
  /** [k] */
  readonly high: Float64Array;
}

/**
 * What is known of a sample, in model units z: readings, then bounds. Linear rows have unit length; the rows
 * of readings are orthonormal.
 */
export interface Observation {
  /** The shape of one sample, [...D]. */
  readonly shape: Shape;
  /** What was measured, in words. */
  readonly text: string;
  /** Number of readings and bounds, m. */
  readonly count: number;
  /** Whether all of h is linear; likelihoods of noisy samples do not count. */
  readonly linear: boolean;
  /** The readings, in the order of the first values of h. */
  readonly readings: Readings;
  /** The bounds, in the order of the last values of h. */
  readonly bounds: Bounds;
  /** The rows of the linear readings, and those of the linear bounds: [m, D] each, where there are some. */
  readonly rows: readonly PlainTensor[];
  /** Constants of the programs that use it: `rows` if they are large, then those of `noisy`. */
  readonly weights: readonly PlainTensor[];
  /** h: [B, ...D] → [B, m]. */
  apply(weights: readonly Tensor[], z: Tensor): Tensor;
  /** Further log-likelihoods: [B, ...D] → [B]. */
  readonly densities: readonly ((z: Tensor) => Tensor)[];
  /** log p(y | x_t) of noisy samples: all the constants, x_t [B, ...D], t → [B]. */
  readonly noisy: readonly ((weights: readonly Tensor[], x: Tensor, t: Coefficient) => Tensor)[];
  /** The constant that log p(y | z) has in the units of the data, in addition to that of `readings`. */
  readonly logScale: number;
}
