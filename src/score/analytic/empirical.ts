import type { Sde } from '../../sde/contract.ts';
import type { PlainTensor } from '../../tensor/index.ts';
import type { AnalyticModel } from './contract.ts';
import { mixtureModel } from './mixture.ts';

/**
 * The empirical distribution of `points` [N, ...D] under `sde`: p_t is the mean of N(scale·xᵢ, std²I). Its
 * E[x₀ | x_t = x] is the average of the points weighted by softmaxᵢ(−|x − scale·xᵢ|²/2std²), which a network
 * that fits its data perfectly learns.
 * One evaluation costs B·N·D. With `sample` it draws points with replacement.
 */
export function empiricalModel(points: PlainTensor, sde: Sde): AnalyticModel {
  const [count = 0, ...shape] = points.shape;
  const size = points.data.length / Math.max(1, count);
  const means = Array.from({ length: count }, (_, i) =>
    Array.from(points.data.subarray(i * size, (i + 1) * size)),
  );
  return Object.freeze({ ...mixtureModel({ means, stds: 0, shape }, sde), name: 'empirical' });
}
