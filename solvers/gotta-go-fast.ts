import { add, coefficients, combine, type Options, type Solver, withDefaults } from '../src/plugin.ts';

/**
 * The adaptive solver of the reverse SDE of Jolicoeur-Martineau et al. (2021, algorithm 1). It makes an
 * Euler-Maruyama step to x′, another with the drift and diffusion at x′ and s and the same noise, and takes
 * their mean, the stochastic Heun step. Half their difference estimates the error. Steps adapt for each
 * sample; after a rejection the Brownian path stays the same. Tolerances about 1e-2 suffice. Weak order 2 on
 * a fixed grid; two evaluations a step.
 */
export function gottaGoFast(options: Options<Record<never, never>> = {}): Solver {
  withDefaults('gotta-go-fast', {}, options);
  return Object.freeze({
    name: 'gotta-go-fast',
    order: 2,
    noise: 'brownian',
    evaluationsPerStep: 2,
    adaptive: true,
    step({ problem, x, t, s, path }) {
      const [dt, half, g, mean, change] = coefficients(
        (t, s) => {
          const [at, to] = [problem.sde.diffusion(t), problem.sde.diffusion(s)];
          return [s - t, 0.5 * (s - t), at, 0.5 * (at + to), 0.5 * (to - at)];
        },
        t,
        s,
      );
      const increment = path.increment();
      const drift = problem.reverse(x, t);
      const euler = add(x, combine([dt, drift], [g, increment]));
      const endDrift = problem.reverse(euler, s);
      return {
        x: add(x, combine([half, drift], [half, endDrift], [mean, increment])),
        error: combine([half, endDrift], [coefficients(h => [-h], half)[0], drift], [change, increment]),
      };
    },
  } satisfies Solver);
}
