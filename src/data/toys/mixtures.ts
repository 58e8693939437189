import { logSumExp } from '../../math/log-sum.ts';
import type { Mixture } from '../contract.ts';
import type { Density } from '../density.ts';

/**
 * A Gaussian mixture as a density: p(x) = Σₖ wₖ N(x; mₖ, diag sₖ²).
 * mean = Σ wₖ mₖ, variance = Σ wₖ (sₖ² + mₖ²) − mean², for each dimension.
 */
export function mixtureDensity(name: string, title: string, mixture: Mixture): Density {
  const { weights, means, stds } = mixture;
  const dimension = means[0]!.length;
  const average = (value: (k: number, d: number) => number) =>
    Array.from({ length: dimension }, (_, d) => weights.reduce((sum, w, k) => sum + w * value(k, d), 0));
  const mean = average((k, d) => means[k]![d]!);
  const variance = average((k, d) => stds[k]![d]! ** 2 + (means[k]![d]! - mean[d]!) ** 2);
  return Object.freeze({
    name,
    title,
    mean,
    std: variance.map(Math.sqrt),
    uniforms: 1,
    normals: dimension,
    point: (u: Float64Array, n: Float32Array, out: Float64Array) => {
      const k = pick(weights, u[0]!);
      for (let d = 0; d < dimension; d++) out[d] = means[k]![d]! + stds[k]![d]! * n[d]!;
    },
    logDensity: (x: Float64Array) =>
      logSumExp(weights.map((w, k) => Math.log(w) + logNormal(x, means[k]!, stds[k]!))),
    mixture,
  });
}

/** log N(x; mean, diag std²) */
export function logNormal(x: ArrayLike<number>, mean: readonly number[], std: readonly number[]): number {
  let sum = 0;
  for (let d = 0; d < mean.length; d++) {
    sum -= 0.5 * ((x[d]! - mean[d]!) / std[d]!) ** 2 + Math.log(std[d]!) + 0.5 * Math.log(2 * Math.PI);
  }
  return sum;
}

/** The component that a uniform u in (0, 1) falls on. */
export function pick(weights: readonly number[], u: number): number {
  let rest = u;
  for (let k = 0; k < weights.length - 1; k++) {
    if (rest < weights[k]!) return k;
    rest -= weights[k]!;
  }
  return weights.length - 1;
}

/** One Gaussian with unlike scales: mean (1, −1), standard deviation (2, ½). */
export const gaussian = mixtureDensity('gaussian', 'one Gaussian, mean (1, -1), std (2, 0.5)', {
  weights: [1],
  means: [[1, -1]],
  stds: [[2, 0.5]],
});

/** Eight equal Gaussians on a circle of radius 2, standard deviation 0.2. */
export const eightGaussians = mixtureDensity(
  'eight-gaussians',
  'eight Gaussians on a circle of radius 2, std 0.2',
  {
    weights: Array(8).fill(1 / 8),
    means: Array.from({ length: 8 }, (_, k) => [
      2 * Math.cos((k * Math.PI) / 4),
      2 * Math.sin((k * Math.PI) / 4),
    ]),
    stds: Array(8).fill([0.2, 0.2]),
  },
);

/**
 * Two unit Gaussians far apart, 0.99 of the mass at (−5, −5) and 0.01 at (5, 5): the geometry of Song & Ermon
 * 2019, §3.2.2 (there with weights 1/5 and 4/5), where Langevin dynamics cannot find the weights.
 */
export const twoGaussians = mixtureDensity('two-gaussians', '0.99 N((-5, -5), I) + 0.01 N((5, 5), I)', {
  weights: [0.99, 0.01],
  means: [
    [-5, -5],
    [5, 5],
  ],
  stds: [
    [1, 1],
    [1, 1],
  ],
});
