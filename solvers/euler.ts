import { type Options, type Solver, withDefaults } from '../src/plugin.ts';
import { rungeKutta } from './frames/runge-kutta.ts';

/**
 * Euler's method on the probability-flow ODE (Song et al. 2021, eq. 13): x_s = x + (s − t)·flow(x, t).
 * Order 1, one evaluation a step.
 */
export function euler(options: Options<Record<never, never>> = {}): Solver {
  withDefaults('euler', {}, options);
  return rungeKutta({ name: 'euler', order: 1, c: [0], a: [[]], b: [1] });
}
