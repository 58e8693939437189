import { fillNormal, fillUniform, key } from '../random/index.ts';
import type { MixtureOptions } from '../score/analytic/index.ts';

/** Standard deviation of each component. */
const width = 0.25;

/**
 * Ten Gaussians in `size` dimensions. Their centres are fixed (a seed of their own draws them) and
 * standardised, so that every dimension has mean 0 and variance 1. Their weights are proportional to numbers
 * between 1 and 3; their standard deviation is 0.25.
 */
export function standardMixture(size: number, count = 10): MixtureOptions {
  const centers = new Float32Array(count * size);
  const parts = new Float64Array(count);
  fillNormal(centers, key(size, 'compare/centres'), { step: 0, first: 0, size });
  fillUniform(parts, key(size, 'compare/weights'), { step: 0, first: 0, size: 1 });
  const total = parts.reduce((sum, u) => sum + 1 + 2 * u, 0);
  const weights = Array.from(parts, u => (1 + 2 * u) / total);
  const at = (k: number, d: number) => centers[k * size + d]!;
  const average = (value: (k: number) => number) => weights.reduce((sum, w, k) => sum + w * value(k), 0);
  const columns = Array.from({ length: size }, (_, d) => {
    const mean = average(k => at(k, d));
    const spread = Math.sqrt(average(k => (at(k, d) - mean) ** 2) / (1 - width * width));
    return weights.map((_w, k) => (at(k, d) - mean) / spread);
  });
  return { weights, means: weights.map((_w, k) => columns.map(column => column[k]!)), stds: width };
}
