import { lagrange, logSnr, type Sde } from '../../src/plugin.ts';

/**
 * λ = log(scale/std), the half-log signal-to-noise ratio: the time variable of exponential integrators. It
 * falls in t.
 */
export const lambda = (sde: Sde, t: number): number => 0.5 * logSnr(sde, t);

/**
 * φ_k(z) with φ₀ = eᶻ and φ_{k+1}(z) = (φ_k(z) − 1/k!)/z: the integrals of eᶻ times powers reduce to these.
 */
export function phi(k: number, z: number): number {
  if (Math.abs(z) < 1) {
    let term = 1 / factorial(k);
    let total = term;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total); n++) {
      term *= z / (n + k);
      total += term;
    }
    return total;
  }
  let value = Math.expm1(z) / z;
  if (k === 0) return Math.exp(z);
  for (let j = 1; j < k; j++) value = (value - 1 / factorial(j)) / z;
  return value;
}

const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));

/**
 * Weights of an exponential Adams step of length h: w_j = ∫₀ʰ κ·e^{κ(u − h)}·ℓ_j(u) du, where ℓ_j is the
 * Lagrange polynomial of node j. Nodes are in units of h: 0 is the start, 1 the end, earlier values are
 * negative. Σ w_j = 1 − e^{−κh}.
 */
export function adamsWeights(nodes: readonly number[], h: number, kappa = 1): number[] {
  const z = -kappa * h;
  // From the highest down, φ_k(z) = z·φ_{k+1}(z) + 1/k!, which does not cancel.
  const moments = new Array<number>(nodes.length);
  let value = phi(nodes.length, z);
  for (let k = nodes.length - 1; k >= 0; k--) {
    moments[k] = -z * factorial(k) * value;
    value = z * value + 1 / factorial(k);
  }
  return lagrange(nodes).map(polynomial => {
    let sum = 0;
    for (let k = 0; k < moments.length; k++) sum += polynomial[k]! * moments[k]!;
    return sum;
  });
}
