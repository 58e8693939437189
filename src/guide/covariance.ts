import {
  add,
  concat,
  div,
  fromHost,
  matmul,
  maximum,
  minimum,
  mul,
  neg,
  reshape,
  slice,
  sqrt,
  sub,
  sum,
  type Tensor,
} from '../tensor/index.ts';

/**
 * Largest variance of the data in any direction, over that of D columns of variance 1. Nothing about x₀ that
 * is given x_t varies more.
 */
const MOST = 4;
/** Least pivot that is divided by. */
const LEAST = 1e-30;

/**
 * M, [B, m, m] and symmetric, made what a covariance AVAᵀ can be, with VA = A·V, [B, m, D]. It is positive,
 * and at least VA·VAᵀ/λ in every direction: λ = 4D bounds the eigenvalues of V, so V² ≤ λV. A covariance
 * stays as it is. The Jacobian of a learned denoiser need be neither symmetric nor positive. Without this,
 * values at the edge of the data, or many measurements, send samples to infinity.
 */
export function asCovariance(M: Tensor, VA: Tensor): Tensor {
  const least = mul(matmul(VA, VA, false, true), 1 / (MOST * VA.shape[2]!));
  const rest = sub(withDiagonal(M, least), least);
  return add(M.shape[1] === 1 ? rest : positivePart(rest), least);
}

/** M with its diagonal d replaced by the largest of d, −d and that of `least`. */
function withDiagonal(M: Tensor, least: Tensor): Tensor {
  const own = diagonal(M);
  const lack = sub(maximum(maximum(own, neg(own)), diagonal(least)), own);
  return add(M, mul(reshape(lack, [...lack.shape, 1]), identity(M.shape[1]!)));
}

/**
 * LᵀL by Cholesky's elimination. Every row is held to what a positive matrix allows, m_ij² ≤ m_ii·m_jj. A
 * positive M stays as it is.
 */
function positivePart(M: Tensor): Tensor {
  const [batch, m] = M.shape as [number, number];
  const rows: Tensor[] = [];
  let rest = M;
  for (let i = 0; i < m; i++) {
    const left = m - i;
    const variances = maximum(diagonal(rest), 0);
    const pivot = slice(variances, [0, 0], [batch, 1]);
    const bound = sqrt(mul(variances, pivot));
    const first = reshape(slice(rest, [0, 0, 0], [batch, 1, left]), [batch, left]);
    const held = minimum(maximum(first, neg(bound)), bound);
    const row = reshape(div(held, sqrt(maximum(pivot, LEAST))), [batch, 1, left]);
    rows.push(i === 0 ? row : concat([fromHost(new Float32Array(batch * i), [batch, 1, i]), row], 2));
    if (left === 1) break;
    const tail = slice(row, [0, 0, 1], [batch, 1, left - 1]);
    rest = sub(slice(rest, [0, 1, 1], [batch, left - 1, left - 1]), matmul(tail, tail, true));
  }
  const L = concat(rows, 1);
  return matmul(L, L, true);
}

/** The diagonal of [B, m, m] → [B, m]. */
const diagonal = (M: Tensor): Tensor => sum(mul(M, identity(M.shape[1]!)), [2]);

const identity = (m: number): Tensor =>
  fromHost(
    Float32Array.from({ length: m * m }, (_, i) => (i % (m + 1) === 0 ? 1 : 0)),
    [1, m, m],
  );
