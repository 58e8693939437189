import { coefficients, combine, type Options, type Solver, transition, withDefaults } from '../src/plugin.ts';

/**
 * The reverse-diffusion predictor (Song et al. 2021, eq. 46) of the chain that has the SDE's exact marginals
 * at t and s: with x_t | x_s ~ N(r·x_s, τ²I), x_s = (2 − r)·x_t + τ²·score(x_t, t) + τ·z. For VP r² is 1 −
 * β_k (algorithm 3); for VE r = 1 and τ² = σ_t² − σ_s² (algorithm 2); sub-VP has its own τ. Weak order 1, one
 * evaluation a step.
 */
export function reverseDiffusion(options: Options<Record<never, never>> = {}): Solver {
  withDefaults('reverse-diffusion', {}, options);
  return Object.freeze({
    name: 'reverse-diffusion',
    order: 1,
    noise: 'brownian',
    evaluationsPerStep: 1,
    step({ problem, x, t, s, path }) {
      const [keep, push, spread] = coefficients(
        (t, s) => {
          const { scale, std } = transition(problem.sde, s, t);
          return [2 - scale, std ** 2, std / Math.sqrt(t - s)];
        },
        t,
        s,
      );
      return { x: combine([keep, x], [push, problem.score(x, t)], [spread, path.increment()]) };
    },
  } satisfies Solver);
}
