import {
  add,
  type Coefficient,
  coefficients,
  combine,
  div,
  maximum,
  minimum,
  mul,
  type Problem,
  reshape,
  sqrt,
  square,
  sub,
  sumPerSample,
  type Tensor,
} from '../../src/plugin.ts';

/** Length of a probe in units of std(s), the scale of the noise. */
const REACH = 0.1;

/** −std²∇² log p_s · v = std·J_n·v by a difference of the predicted noise n. `noise` is n(at). */
export function hessianTimes(problem: Problem, at: Tensor, s: Coefficient, noise: Tensor, v: Tensor): Tensor {
  const [reach] = coefficients(time => [REACH * problem.sde.marginal(time).std], s);
  const neighbour = combine([1, at], [reach, v]);
  return mul(sub(problem.noise(neighbour, s), noise), 1 / REACH);
}

/** Applies M or √M to a tensor, [B, ...D]. */
export type Apply = (v: Tensor, root: boolean) => Tensor;

/**
 * A Newton step in a few directions: M = I + Σ (gᵢ − 1)·qᵢqᵢᵀ. The Hessian is H = −std²∇² log p_s = I − P,
 * P = α·∂x̂/∂x. P is the Jacobian of the denoiser: the posterior covariance of the data in units of the
 * noise. qᵢ is the direction of P·ωᵢ, orthogonal to those before (one round of power iteration from a random
 * direction), and gᵢ = 1/qᵢᵀHqᵢ between 1 and `limit`. Each direction costs two evaluations.
 */
export function lowRank(
  problem: Problem,
  at: Tensor,
  s: Coefficient,
  noise: Tensor,
  starts: readonly Tensor[],
  limit: number,
): Apply {
  const parts: { readonly q: Tensor; readonly narrow: Tensor }[] = [];
  for (const start of starts) {
    const omega = unit(start);
    const image = sub(omega, hessianTimes(problem, at, s, noise, omega));
    const q = unit(parts.reduce((y, part) => sub(y, along(part.q, y)), image));
    const narrow = inner(q, hessianTimes(problem, at, s, noise, q));
    parts.push({ q, narrow: minimum(maximum(narrow, 1 / limit), 1) });
  }
  return (v, root) =>
    parts.reduce((sum, { q, narrow }) => {
      const part = along(q, v);
      return add(sum, sub(div(part, root ? sqrt(narrow) : narrow), part));
    }, v);
}

/** q·(qᵀv) for each sample. */
const along = (q: Tensor, v: Tensor): Tensor => mul(q, inner(q, v));

/** aᵀb for each sample, [B, 1, …]. */
const inner = (a: Tensor, b: Tensor): Tensor => perSample(sumPerSample(mul(a, b)), a);

const perSample = (values: Tensor, like: Tensor): Tensor =>
  reshape(values, [like.shape[0]!, ...like.shape.slice(1).map(() => 1)]);

/** v/‖v‖ for each sample. */
const unit = (v: Tensor): Tensor => div(v, sqrt(add(perSample(sumPerSample(square(v)), v), 1e-20)));
