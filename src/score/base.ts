import { coefficients } from '../sde/coefficients.ts';
import type { Sde } from '../sde/contract.ts';
import {
  add,
  type Coefficient,
  combine,
  div,
  fromHost,
  log,
  matmul,
  mul,
  type PlainTensor,
  reshape,
  softmax,
  sum,
  type Tensor,
} from '../tensor/index.ts';

/**
 * The law that a network corrects, Σₖ wₖ·N(mₖ, Uₖ diag(λₖ) Uₖᵀ) in model units: of all rows, or of each row.
 * The components stand side by side.
 */
export interface BaseTensors {
  /** Uₖ, eigenvectors as columns: `[D, K·D]`, or `[B, D, K·D]`. */
  readonly vectors: Tensor;
  /** λₖ, eigenvalues: `[1, K·D]` or `[B, K·D]`. */
  readonly values: Tensor;
  /** Uₖᵀmₖ, `[1, K·D]` or `[B, K·D]`; absent for one Gaussian with m = 0. */
  readonly mean?: Tensor | undefined;
  /** log wₖ, `[1, K]` or `[B, K]`; absent for K = 1. */
  readonly logWeights?: Tensor | undefined;
}

/** The same as constants. */
export interface Base {
  /** Uₖ, eigenvectors as columns, `[D, K·D]`. */
  readonly vectors: PlainTensor;
  /** λₖ, eigenvalues, `[1, K·D]`. */
  readonly values: PlainTensor;
  /** Uₖᵀmₖ, `[1, K·D]`; absent for one Gaussian with m = 0. */
  readonly mean?: PlainTensor | undefined;
  /** log wₖ, `[1, K]`; absent for K = 1. */
  readonly logWeights?: PlainTensor | undefined;
}

const constant = (tensor: PlainTensor | undefined) => tensor && fromHost(tensor.data, tensor.shape);

/** A base as constants of a graph. */
export const baseTensors = ({ vectors, values, mean, logWeights }: Base): BaseTensors => ({
  vectors: fromHost(vectors.data, vectors.shape),
  values: fromHost(values.data, values.shape),
  mean: constant(mean),
  logWeights: constant(logWeights),
});

/**
 * The velocity F of the mixture at x_t = α·x₀ + σ·ε. With a and b of the prediction `velocity` and c² = α² +
 * σ², the exact E[ε | x_t] = σ·(α²C + σ²I)⁻¹(x_t − α·m) of a Gaussian gives, along each eigenvector,
 *
 *     F = (ασ/c·(1 − λ)·Uᵀx_t − σc·Uᵀm)/(α²λ + σ²).
 *
 * It has no cancellation, and is 0 for N(0, I). The velocity of the mixture is the mean of those of its
 * components, each with its posterior weight.
 */
export function baseVelocity(sde: Sde, base: BaseTensors, x: Tensor, t: Coefficient): Tensor {
  const { vectors, values, mean, logWeights } = base;
  const [signal, noise, ofData, ofMean] = coefficients(time => {
    const { scale, std } = sde.marginal(time);
    const c = Math.hypot(scale, std);
    return [scale ** 2, std ** 2, (scale * std) / c, -std * c] as const;
  }, t);
  const ones = fromHost(new Float32Array(values.shape[1]!).fill(1), [1, values.shape[1]!]);
  const rotated = inAxes(x, vectors);
  const slope = mul(mul(rotated, combine([1, ones], [-1, values])), ofData);
  const numerator = mean ? add(slope, mul(mean, ofMean)) : slope;
  const denominator = combine([signal, values], [noise, ones]);
  const velocities = div(numerator, denominator);
  if (!logWeights) return fromAxes(velocities, vectors);
  const [rows, size, count] = [x.shape[0]!, x.shape[1]!, logWeights.shape[1]!];
  const shares = softmax(logPosterior(sde, base, x, t));
  const weighted = mul(reshape(velocities, [rows, count, size]), reshape(shares, [rows, count, 1]));
  return fromAxes(reshape(weighted, [rows, count * size]), vectors);
}

/** log wₖ + log N(x_t; α·mₖ, α²Cₖ + σ²I) + ½D·log 2π for each component, `[B, K]`. */
export function logPosterior(
  sde: Sde,
  { vectors, values, mean, logWeights }: BaseTensors,
  x: Tensor,
  t: Coefficient,
): Tensor {
  const [signal, noise, scale] = coefficients(time => {
    const { scale, std } = sde.marginal(time);
    return [scale ** 2, std ** 2, -scale] as const;
  }, t);
  const ones = fromHost(new Float32Array(values.shape[1]!).fill(1), [1, values.shape[1]!]);
  const variance = combine([signal, values], [noise, ones]);
  const rotated = inAxes(x, vectors);
  const distance = mean ? add(rotated, mul(mean, scale)) : rotated;
  const terms = add(div(mul(distance, distance), variance), log(variance));
  const [rows, size] = x.shape as [number, number];
  const halves = mul(sum(reshape(terms, [rows, values.shape[1]! / size, size]), [2]), -0.5);
  return logWeights ? add(halves, logWeights) : halves;
}

/** Uₖᵀx of rows x, `[B, K·D]`. */
function inAxes(x: Tensor, vectors: Tensor): Tensor {
  if (vectors.shape.length === 2) return matmul(x, vectors);
  const [rows, size] = x.shape as [number, number];
  return reshape(matmul(reshape(x, [rows, 1, size]), vectors), [rows, vectors.shape[2]!]);
}

/** Σₖ Uₖyₖ of rows y `[B, K·D]`. */
function fromAxes(y: Tensor, vectors: Tensor): Tensor {
  if (vectors.shape.length === 2) return matmul(y, vectors, false, true);
  const [rows, size] = [y.shape[0]!, vectors.shape[1]!];
  return reshape(matmul(reshape(y, [rows, 1, y.shape[1]!]), vectors, false, true), [rows, size]);
}
