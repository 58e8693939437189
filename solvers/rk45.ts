import { type Options, type Solver, withDefaults } from '../src/plugin.ts';
import { rungeKutta } from './frames/runge-kutta.ts';

/**
 * The pair of Dormand and Prince (1980) on the probability-flow ODE, the `RK45` of scipy and the sampler of
 * Song et al. (2021, appendix D.4): order 5 with an error estimate of order 4, for adaptive steps. Six
 * evaluations a step.
 */
export function rk45(options: Options<Record<never, never>> = {}): Solver {
  withDefaults('rk45', {}, options);
  return rungeKutta({
    name: 'rk45',
    order: 5,
    c: [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1],
    a: [
      [],
      [1 / 5],
      [3 / 40, 9 / 40],
      [44 / 45, -56 / 15, 32 / 9],
      [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
      [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
      [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
    ],
    b: [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0],
    e: [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40],
  });
}

/**
 * `rk45` under the name that Song et al. (2021, section 4.3) use for the family: the probability-flow ODE
 * with adaptive steps, as in the paper. Every solver without noise follows the same ODE.
 */
export function probabilityFlow(options: Options<Record<never, never>> = {}): Solver {
  withDefaults('probability-flow', {}, options);
  return Object.freeze({ ...rk45(), name: 'probability-flow' });
}
