import { type Options, type Solver, withDefaults } from '../src/plugin.ts';
import { gaussianPosterior } from './frames/gaussian-posterior.ts';

/**
 * DDIM (Song, Meng & Ermon 2021): `ancestral` with η = 0, the exponential Euler step of the probability flow.
 * Order 1.
 */
export function ddim(options: Options<Record<never, never>> = {}): Solver {
  withDefaults('ddim', {}, options);
  return Object.freeze({ ...gaussianPosterior('ddim', 0), grid: 'quadratic' });
}
