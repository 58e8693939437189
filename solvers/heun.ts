import { type Options, type Solver, withDefaults } from '../src/plugin.ts';
import { rungeKutta } from './runge-kutta.ts';

/**
 * Heun's method on the probability-flow ODE: an Euler step, then the mean of the slopes at both ends.
 * Order 2, two evaluations a step.
 */
export function heun(options: Options<Record<never, never>> = {}): Solver {
  withDefaults('heun', {}, options);
  return rungeKutta({ name: 'heun', order: 2, c: [0, 1], a: [[], [1]], b: [1 / 2, 1 / 2] });
}
