import {
  type Coefficient,
  coefficients,
  combine,
  type Options,
  type Sde,
  type Solver,
  type Tensor,
  timeAtLogSnr,
  usage,
  withDefaults,
} from '../src/plugin.ts';
import { lambda } from './frames/exponential.ts';

const defaults = {
  /** The share c of a step’s progress in log ρ that fresh noise undoes, 0 or more. Default 0. */
  churn: 0,
};

/**
 * The sampler of Karras et al. (2022, algorithms 1 and 2) for any SDE: Heun's method in ρ = σ/α on d(x/α) = ε
 * dρ. Order 2, two evaluations a step; meant for the grid `karras`.
 *
 * `churn` c > 0 first adds noise up to ρ·(ρ_t/ρ_s)^c (at most ρ√2, and no more than the prior has). So fresh
 * noise undoes a share c of a step's progress in log ρ on any grid; weak order 2.
 */
export function edmHeun(options: Options<typeof defaults> = {}): Solver {
  const { churn } = withDefaults('edm-heun', defaults, options);
  if (!(churn >= 0))
    throw usage('option "churn" is out of range', { where: 'edm-heun', got: churn, expected: '0 or more' });
  const heunFrom = (
    problem: Parameters<Solver['step']>[0]['problem'],
    x: Tensor,
    t: Coefficient,
    s: Coefficient,
  ) => {
    const [keep, full, half] = coefficients((t, s) => lengths(problem.sde, t, s), t, s);
    const slope = problem.noise(x, t);
    const end = problem.noise(combine([keep, x], [full, slope]), s);
    return combine([keep, x], [half, slope], [half, end]);
  };
  return Object.freeze({
    name: 'edm-heun',
    order: 2,
    noise: churn === 0 ? 'none' : 'fresh',
    grid: 'karras',
    evaluationsPerStep: 2,
    step({ problem, x, t, s, path }) {
      if (churn === 0) return { x: heunFrom(problem, x, t, s) };
      const [back, keep, spread] = coefficients((t, s) => noisier(problem.sde, t, s, churn), t, s);
      const noisy = combine([keep, x], [spread, path.normal(0)]);
      return { x: heunFrom(problem, noisy, back, s) };
    },
  } satisfies Solver);
}

/** α_s/α_t, α_s(ρ_s − ρ_t) and its half. */
function lengths(sde: Sde, t: number, s: number): [keep: number, full: number, half: number] {
  const [at, to] = [sde.marginal(t), sde.marginal(s)];
  const keep = to.scale / at.scale;
  const full = to.std - at.std * keep;
  return [keep, full, 0.5 * full];
}

/** The time with more noise, and the factors of x and of the noise in the move to that time. */
function noisier(
  sde: Sde,
  t: number,
  s: number,
  churn: number,
): [back: number, keep: number, spread: number] {
  const growth = Math.min(churn * (lambda(sde, s) - lambda(sde, t)), 0.5 * Math.LN2);
  const back = timeAtLogSnr(sde, Math.max(2 * lambda(sde, sde.tMax), 2 * (lambda(sde, t) - growth)));
  const [at, to] = [sde.marginal(t), sde.marginal(back)];
  const keep = to.scale / at.scale;
  return [back, keep, Math.sqrt(Math.max(0, (to.std - keep * at.std) * (to.std + keep * at.std)))];
}
