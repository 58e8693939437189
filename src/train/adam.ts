import { add, combine, div, minimum, mul, sqrt, square, sub, sum, type Tensor } from '../tensor/index.ts';

export interface AdamOptions {
  /** Peak learning rate; default 1e-3. */
  readonly learningRate: number;
  /** Default 0.9. */
  readonly beta1: number;
  /** Default 0.999. */
  readonly beta2: number;
  /** Default 1e-8. */
  readonly epsilon: number;
}

export interface AdamState {
  readonly theta: Tensor;
  readonly m: Tensor;
  readonly v: Tensor;
}

/**
 * One step of Adam (Kingma & Ba 2015) after `count` earlier steps: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g²,
 * θ ← θ − rate·m̂/(√v̂ + ε), m̂ = m/(1 − β₁ⁿ), v̂ = v/(1 − β₂ⁿ), n = count + 1.
 */
export function adam(
  { theta, m, v }: AdamState,
  g: Tensor,
  rate: number,
  count: number,
  o: AdamOptions,
): AdamState {
  const m2 = combine([o.beta1, m], [1 - o.beta1, g]);
  const v2 = combine([o.beta2, v], [1 - o.beta2, square(g)]);
  const [unbias1, unbias2] = [1 - o.beta1 ** (count + 1), 1 - o.beta2 ** (count + 1)];
  const size = add(mul(sqrt(v2), 1 / Math.sqrt(unbias2)), o.epsilon);
  return { theta: sub(theta, div(mul(m2, rate / unbias1), size)), m: m2, v: v2 };
}

/** g scaled down to the global norm `limit` if it is longer: g·min(1, limit/‖g‖). */
export const clipped = (g: Tensor, limit: number): Tensor =>
  mul(g, minimum(div(limit, add(sqrt(sum(square(g))), 1e-12)), 1));
