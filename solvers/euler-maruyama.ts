import { coefficients, combine, type Options, type Solver, withDefaults } from '../src/plugin.ts';

/**
 * Euler-Maruyama on the reverse SDE (Song et al. 2021, eq. 6): x_s = x + (s − t)·(f·x − g²·score) + g(t)·(W_s
 * − W_t), with the true spacing of the grid. Weak order 1, one evaluation a step.
 */
export function eulerMaruyama(options: Options<Record<never, never>> = {}): Solver {
  withDefaults('euler-maruyama', {}, options);
  return Object.freeze({
    name: 'euler-maruyama',
    order: 1,
    noise: 'brownian',
    evaluationsPerStep: 1,
    step({ problem, x, t, s, path }) {
      const [dt, g] = coefficients((t, s) => [s - t, problem.sde.diffusion(t)], t, s);
      return { x: combine([1, x], [dt, problem.reverse(x, t)], [g, path.increment()]) };
    },
  } satisfies Solver);
}
