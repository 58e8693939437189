import {
  coefficients,
  combine,
  type Options,
  type Sde,
  type Solver,
  transition,
  usage,
  withDefaults,
} from '../src/plugin.ts';

const defaults = { eta: 1 };

/**
 * Ancestral sampling by the exact Gaussian posterior between any two times of any SDE. With (α, σ) the marginal, x̂ the
 * predicted data and v = σ_s²τ²/σ_t² the variance of x_s given x_t and x_0 (τ² that of x_t given x_s),
 * x_s = α_s·x̂ + √(σ_s² − η²v)·(x_t − α_t·x̂)/σ_t + η√v·z.
 * η = 1 (default) is DDPM (Ho et al. 2020, eq. 6 and 7) and, for VE, the ancestral sampler of Song et al. (2021, eq. 47);
 * η = 0 is DDIM (Song, Meng & Ermon 2021, eq. 12). Weak order 1, one evaluation a step.
 */
export function ancestral(options: Options<typeof defaults> = {}): Solver {
  const { eta } = withDefaults('ancestral', defaults, options);
  if (!(eta >= 0 && eta <= 1)) {
    throw usage('option "eta" is out of range', {
      where: 'ancestral',
      got: eta,
      expected: '0 (DDIM) to 1 (DDPM)',
    });
  }
  return Object.freeze({
    name: 'ancestral',
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

/** DDIM (Song, Meng & Ermon 2021): `ancestral` with η = 0, the exponential Euler step of the probability flow. Order 1. */
export function ddim(options: Options<Record<never, never>> = {}): Solver {
  withDefaults('ddim', {}, options);
  return Object.freeze({ ...ancestral({ eta: 0 }), name: 'ddim' });
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
