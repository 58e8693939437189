import type { PlainTensor } from '../../tensor/index.ts';
import type { ScoreModel } from '../contract.ts';

/**
 * A score model in closed form, with an exact density and exact draws: the reference for trained networks and
 * solvers.
 */
export interface AnalyticModel extends ScoreModel {
  /** log p_t(x) of one point of `shape`, row-major, in float64 (nats). */
  logDensity(x: ArrayLike<number>, t: number): number;
  /** Draws from the data distribution, x_0: [count, ...shape]. Row i depends on the seed and i alone. */
  sample(count: number, seed: number): PlainTensor;
}
