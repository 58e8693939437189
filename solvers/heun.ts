import { type Options, type Solver, withDefaults } from '../src/plugin.ts';
import { rungeKutta } from './frames/runge-kutta.ts';

/**
 * Heun's method on the probability-flow ODE (Song et al. 2021, eq. 13): with k₁ = flow(x, t), k₂ = flow(x +
 * (s − t)k₁, s), x_s = x + ½(s − t)(k₁ + k₂). Order 2, two evaluations a step.
 */
export function heun(options: Options<Record<never, never>> = {}): Solver {
  withDefaults('heun', {}, options);
  return rungeKutta({ name: 'heun', order: 2, c: [0, 1], a: [[], [1]], b: [1 / 2, 1 / 2], grid: 'karras' });
}
