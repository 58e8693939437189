import { coefficients } from '../sde/coefficients.ts';
import type { Sde } from '../sde/contract.ts';
import {
  add,
  type Coefficient,
  combine,
  div,
  fromHost,
  matmul,
  mul,
  type PlainTensor,
  reshape,
  slice,
  type Tensor,
} from '../tensor/index.ts';

/**
 * The Gaussian that a network corrects, N(m, U diag(λ) Uᵀ) in model units: of all rows, or of each row.
 */
export interface BaseTensors {
  /** U, eigenvectors as columns: `[D, D]`, or `[B, D, D]`. */
  readonly vectors: Tensor;
  /** λ, eigenvalues: `[1, D]` or `[B, D]`. */
  readonly values: Tensor;
  /** Uᵀm, `[B, D]`; absent where m = 0. */
  readonly mean?: Tensor;
}

/** The same as constants, for m = 0. */
export interface Base {
  readonly vectors: PlainTensor;
  readonly values: PlainTensor;
}

/**
 * The velocity F of the Gaussian at x_t = α·x₀ + σ·ε. With a and b of the prediction `velocity` and
 * c² = α² + σ², the exact E[ε | x_t] = σ·(α²C + σ²I)⁻¹(x_t − α·m) gives, along each eigenvector,
 *
 *     F = (ασ/c·(1 − λ)·Uᵀx_t − σc·Uᵀm)/(α²λ + σ²).
 *
 * It has no cancellation, and is 0 for N(0, I).
 */
export function baseVelocity(
  sde: Sde,
  { vectors, values, mean }: BaseTensors,
  x: Tensor,
  t: Coefficient,
): Tensor {
  const [signal, noise, ofData, ofMean] = coefficients(time => {
    const { scale, std } = sde.marginal(time);
    const c = Math.hypot(scale, std);
    return [scale ** 2, std ** 2, (scale * std) / c, -std * c] as const;
  }, t);
  const ones = fromHost(new Float32Array(values.shape[1]!).fill(1), [1, values.shape[1]!]);
  const denominator = combine([signal, values], [noise, ones]);
  const weight = combine([1, ones], [-1, values]);
  const slope = mul(mul(rotated(x, vectors, false), weight), ofData);
  const numerator = mean ? add(slope, mul(mean, ofMean)) : slope;
  return rotated(div(numerator, denominator), vectors, true);
}

/** Uᵀx, or Ux where `back`, for rows x. */
function rotated(x: Tensor, vectors: Tensor, back: boolean): Tensor {
  if (vectors.shape.length === 2) return matmul(x, vectors, false, back);
  const [rows, size] = x.shape as [number, number];
  return reshape(matmul(reshape(x, [rows, 1, size]), vectors, false, back), [rows, size]);
}

/** What a network sees of a context: the known values and the masks, `[B, 3·D]`. */
export const valuesAndMasks = (context: Tensor, size: number): Tensor =>
  slice(context, [0, 0], [context.shape[0]!, 3 * size]);

/** 1 − known − absent: `[B, D]`, 1 for each coordinate that is generated. */
export function generatedOf(context: Tensor, size: number): Tensor {
  const rows = context.shape[0]!;
  const part = (k: number) => slice(context, [0, k * size], [rows, size]);
  const ones = fromHost(new Float32Array(size).fill(1), [1, size]);
  return combine([1, ones], [-1, part(1)], [-1, part(2)]);
}

/** The velocity of the Gaussian of each row. */
export function contextVelocity(
  sde: Sde,
  all: BaseTensors,
  context: Tensor,
  x: Tensor,
  t: Coefficient,
): Tensor {
  const size = x.shape[1]!;
  if (context.shape[1] === 3 * size + 1)
    return mul(baseVelocity(sde, all, x, t), slice(context, [0, 3 * size], [context.shape[0]!, 1]));
  const count = context.shape[0]!;
  const flat = slice(context, [0, 5 * size], [count, size * size]);
  const ofRow: BaseTensors = {
    values: slice(context, [0, 3 * size], [count, size]),
    mean: slice(context, [0, 4 * size], [count, size]),
    vectors: reshape(flat, count === 1 ? [size, size] : [count, size, size]),
  };
  return baseVelocity(sde, ofRow, x, t);
}
