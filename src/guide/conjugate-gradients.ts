import {
  add,
  type Coefficient,
  combine,
  div,
  fromHost,
  linearise,
  maximum,
  minimum,
  mul,
  type Pull,
  reshape,
  sub,
  sum,
  type Tensor,
  vjp,
} from '../tensor/index.ts';
import { cleanCoefficients, cleanOf, isotropic, secondMoment } from './clean.ts';
import type { GuidanceArguments, Guided } from './contract.ts';
import { withDensities } from './single-pass.ts';

/**
 * The guidance with V = (σ²/α)·J: (R + AVAᵀ)·λ = y − A·x̂ by conjugate gradients from λ = 0, preconditioned
 * with (R + r²)⁻¹, then ∇log p̃ = JᵀAᵀλ. The network is evaluated once, and goes backward in each iteration.
 */
export function byConjugateGradients(args: GuidanceArguments, iterations: number): Guided {
  const { sde, model, weights, x, t } = args;
  return linearise(
    y => model.raw(weights, y, t),
    x,
    (raw, pullRaw) => {
      const [A, B] = cleanCoefficients(sde, model, t);
      const pull = (v: Tensor) => combine([A, v], [B, pullRaw(v)]);
      return { raw, gradient: gradientOf(args, cleanOf(sde, model, x, raw, t), pull, iterations) };
    },
  );
}

/** ∇log p̃ from x̂ and the product of Jᵀ with a vector. */
function gradientOf(args: GuidanceArguments, clean: Tensor, pull: Pull, iterations: number): Tensor {
  const { sde, observation, rows: constants, x, t } = args;
  const { value, variance } = observation.readings;
  const m = value.length;
  const apply = (z: Tensor) => observation.apply(constants, z);
  const adjoint = (v: Tensor) => vjp(apply, clean, v).product;
  const back = (v: Tensor) => pull(adjoint(v));
  const errors = fromHost(variance, [1, m]);
  const curvature = secondMoment(sde, t);
  const system = (v: Tensor) => add(mul(errors, v), mul(apply(back(v)), curvature));
  const residual = sub(fromHost(value, [1, m]), apply(clean));
  const variances = varianceOf(errors, residual, isotropic(sde, 1, t));
  const gradient = back(solve(system, residual, variances, iterations));
  if (observation.densities.length === 0) return gradient;
  const ones = fromHost(new Float32Array(x.shape[0]!).fill(1), [x.shape[0]!]);
  const further = vjp(at => withDensities(args, undefined, at), clean, ones);
  return add(gradient, pull(further.product));
}

/** Least curvature of a direction, as a part of that under V = r². */
const LEAST = 1e-3;

/** R + r², [B, m]. */
const varianceOf = (errors: Tensor, like: Tensor, r2: Coefficient) => {
  const unit = fromHost(new Float32Array(like.shape[0]! * like.shape[1]!).fill(1), like.shape);
  return add(mul(unit, r2), errors);
};

function solve(system: (v: Tensor) => Tensor, b: Tensor, variances: Tensor, iterations: number): Tensor {
  const precondition = (v: Tensor) => div(v, variances);
  const rows = b.shape[0]!;
  const inner = (u: Tensor, v: Tensor) => reshape(sum(mul(u, v), [1]), [rows, 1]);
  let [residual, solution] = [b, mul(b, 0)];
  let direction = precondition(residual);
  let size = inner(residual, direction);
  for (let i = 0; i < iterations; i++) {
    const image = system(direction);
    // The Jacobian of a network need not be positive. A direction without curvature gets no step, and so does
    // a converged sample, which has no direction left.
    const curvature = inner(direction, image);
    const least = add(mul(inner(direction, mul(variances, direction)), LEAST), 1e-30);
    const rises = minimum(maximum(mul(sub(curvature, least), 1e30), 0), 1);
    const step = mul(rises, div(size, maximum(curvature, least)));
    solution = add(solution, mul(direction, step));
    if (i === iterations - 1) break;
    residual = sub(residual, mul(image, step));
    const next = precondition(residual);
    const left = inner(residual, next);
    direction = add(next, mul(direction, div(left, maximum(size, 1e-30))));
    size = left;
  }
  return solution;
}
