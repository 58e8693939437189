import { coefficients, combine, type Sde, type Solver, transition } from '../../src/plugin.ts';

/**
 * The exact Gaussian posterior between two times, with η of its noise: x_s = α_s·x̂ + √(σ_s² − η²v)·(x_t −
 * α_t·x̂)/σ_t + η√v·z. η = 1 is DDPM's step and η = 0 DDIM's.
 */
export function gaussianPosterior(name: string, eta: number): Solver {
  return Object.freeze({
    name,
    order: 1,
    noise: eta === 0 ? 'none' : 'brownian',
    evaluationsPerStep: 1,
    step({ problem, x, t, s, path }) {
      const [keep, gain, spread] = coefficients((t, s) => posterior(problem.sde, t, s, eta), t, s);
      const mean = [
        [keep, x],
        [gain, problem.data(x, t)],
      ] as const;
      return { x: eta === 0 ? combine(...mean) : combine(...mean, [spread, path.increment()]) };
    },
  } satisfies Solver);
}

/** The factors of x_t, of the predicted data, and of the Brownian increment. */
function posterior(
  sde: Sde,
  t: number,
  s: number,
  eta: number,
): [keep: number, gain: number, spread: number] {
  const [at, to] = [sde.marginal(t), sde.marginal(s)];
  const deviation = eta === 0 ? 0 : (eta * to.std * transition(sde, s, t).std) / at.std;
  const keep = Math.sqrt((to.std - deviation) * (to.std + deviation)) / at.std;
  return [keep, to.scale - at.scale * keep, deviation / Math.sqrt(Math.abs(t - s))];
}
