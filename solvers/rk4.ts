import { type Options, type Solver, withDefaults } from '../src/plugin.ts';
import { rungeKutta } from './frames/runge-kutta.ts';

/**
 * The classical Runge-Kutta method (Kutta 1901) on the probability-flow ODE. Order 4, four evaluations a
 * step.
 */
export function rk4(options: Options<Record<never, never>> = {}): Solver {
  withDefaults('rk4', {}, options);
  return rungeKutta({
    name: 'rk4',
    order: 4,
    c: [0, 1 / 2, 1 / 2, 1],
    a: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
    b: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
  });
}
