import { logSnr, type Sde } from '../src/plugin.ts';

/** λ = log(scale/std), the half-log signal-to-noise ratio in which exponential integrators count. Falls in t. */
export const lambda = (sde: Sde, t: number): number => 0.5 * logSnr(sde, t);

/** φ_k(z) with φ₀ = eᶻ and φ_{k+1}(z) = (φ_k(z) − 1/k!)/z: what integrals of eᶻ against powers come to. */
export function phi(k: number, z: number): number {
  if (Math.abs(z) < 1) {
    let term = 1 / factorial(k);
    let total = term;
    for (let n = 1; n < 25; n++) {
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
 * Weights of an exponential Adams step of length h: w_j = ∫₀ʰ κ·e^{κ(u − h)}·ℓ_j(u) du, where ℓ_j is the Lagrange
 * polynomial of node j. Nodes are in units of h: 0 is the start, 1 the end, earlier values are negative. Σ w_j = 1 − e^{−κh}.
 */
export function adamsWeights(nodes: readonly number[], h: number, kappa = 1): number[] {
  const moments = nodes.map((_, k) => kappa * h * factorial(k) * phi(k + 1, -kappa * h));
  return lagrange(nodes).map(polynomial => polynomial.reduce((sum, c, k) => sum + c * moments[k]!, 0));
}

/** Coefficients, lowest power first, of the polynomials that are 1 at one node and 0 at the others. */
export function lagrange(nodes: readonly number[]): number[][] {
  return nodes.map((own, j) => {
    let polynomial = [1];
    for (const [i, other] of nodes.entries()) {
      if (i === j) continue;
      const next = new Array<number>(polynomial.length + 1).fill(0);
      for (const [k, c] of polynomial.entries()) {
        next[k]! -= (c * other) / (own - other);
        next[k + 1]! += c / (own - other);
      }
      polynomial = next;
    }
    return polynomial;
  });
}
