import { usage } from '../errors.ts';
import { fillNormal, key } from '../random/index.ts';

/** How stochastic gradient Langevin dynamics runs. */
export interface SgldOptions {
  /** Where it starts: the weights θ. */
  readonly start: Float64Array;
  /**
   * ∇θ[log p(θ) + (N/n)·Σ log p(xᵢ | θ)] over the n rows of step `step`: an unbiased gradient of the
   * log-posterior, as long as θ.
   */
  gradient(theta: Float64Array, step: number): Float64Array;
  /** Steps, 1 or more. */
  readonly steps: number;
  /** a of ε_k = a·(b + k)^{−γ}, above 0. */
  readonly scale: number;
  /** b, above 0. Default 1. */
  readonly offset?: number;
  /** γ, above 0.5 and at most 1: then Σε = ∞ and Σε² < ∞. Default 0.55. */
  readonly decay?: number;
  /** Steps before the first draw. Default: half of all. */
  readonly burnIn?: number;
  /** Steps from one draw to the next. Default 10. */
  readonly thin?: number;
  /** Seed of the noise, a whole number from 0 to 2⁵³ − 1. Default 0. */
  readonly seed?: number;
}

/** Draws of weights. */
export interface Ensemble {
  /** The draws θ, in their order. */
  readonly members: readonly Float64Array[];
  /** ε of each draw, its weight in a mean (Welling & Teh 2011, eq. 11). */
  readonly weights: Float64Array;
}

/**
 * Stochastic gradient Langevin dynamics (Welling & Teh 2011, eq. 4): θ ← θ + ½ε_k·∇log posterior + √ε_k·η,
 * the gradient from a part of the rows. With ε_k = a·(b + k)^{−γ}, ½ < γ ≤ 1, the steps sum to infinity and
 * their squares do not, so θ comes to follow the posterior and no proposal need be refused.
 * @throws usage for steps that do not fall so, and for numbers that cannot be
 */
export function sgld(options: SgldOptions): Ensemble {
  const { start, gradient, steps, scale, offset = 1, decay = 0.55, thin = 10, seed = 0 } = options;
  const { burnIn = Math.floor(steps / 2) } = options;
  for (const [name, value, fits, expected] of [
    ['decay', decay, decay > 0.5 && decay <= 1, 'above 0.5 and at most 1: Σε = ∞, Σε² < ∞'],
    ['scale', scale, scale > 0, 'a number above 0'],
    ['offset', offset, offset > 0, 'a number above 0'],
    ['steps', steps, Number.isInteger(steps) && steps > 0, 'a whole number above 0'],
    ['thin', thin, Number.isInteger(thin) && thin > 0, 'a whole number above 0'],
    ['burnIn', burnIn, burnIn >= 0 && burnIn < steps, `0 to ${steps - 1}`],
  ] as const)
    if (!fits) throw usage(`option "${name}" is out of range`, { where: 'sgld', got: value, expected });
  const theta = Float64Array.from(start);
  const noise = new Float32Array(theta.length);
  const [members, weights]: [Float64Array[], number[]] = [[], []];
  for (let k = 0; k < steps; k++) {
    const step = scale * (offset + k) ** -decay;
    const slope = gradient(theta, k);
    fillNormal(noise, key(seed, 'sgld'), { step: k, first: 0, size: theta.length });
    for (let j = 0; j < theta.length; j++)
      theta[j] = theta[j]! + 0.5 * step * slope[j]! + Math.sqrt(step) * noise[j]!;
    if (k < burnIn || (k - burnIn) % thin !== 0) continue;
    members.push(Float64Array.from(theta));
    weights.push(step);
  }
  return { members, weights: Float64Array.from(weights) };
}

/** Moments of f(θ) over an ensemble. */
export interface EnsembleMean {
  /** Mean, weighted by ε. */
  readonly mean: number;
  /** Standard deviation, weighted by ε. */
  readonly std: number;
}

/** Mean and standard deviation of f(θ) over an ensemble, weighted by ε. */
export function ensembleMean(
  { members, weights }: Ensemble,
  f: (theta: Float64Array) => number,
): EnsembleMean {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const values = members.map(f);
  const mean = values.reduce((sum, value, i) => sum + weights[i]! * value, 0) / total;
  const variance = values.reduce((sum, value, i) => sum + weights[i]! * (value - mean) ** 2, 0) / total;
  return { mean, std: Math.sqrt(variance) };
}
