import {
  abs,
  add,
  type Coefficient,
  coefficients,
  combine,
  div,
  maximum,
  minimum,
  type Options,
  type Problem,
  requireBetween,
  type Solver,
  sqrt,
  square,
  sub,
  type Tensor,
  usage,
  withDefaults,
} from '../src/plugin.ts';
import { pullAndKick } from './frames/unadjusted.ts';

const defaults = {
  /** Signal-to-noise ratio r of a step, above 0: its length is ε = 2α(r·std)² where M = 1. Default 0.16. */
  snr: 0.16,
  /** The largest entry of M, above 1. Default 100. */
  limit: 100,
  /** Probes of the curvature in each step, a whole number above 0. Default 4. */
  probes: 4,
};

/**
 * Length of a probe in units of std(s): it measures the curvature of the density on the scale of its noise.
 */
const REACH = 0.1;

/**
 * Langevin dynamics at the time s reached, with its own step size for each coordinate (an experiment):
 * x + ε·M(x)·score + √(2ε·M(y))·z, y = x + √(2ε·M(x))·z, ε = 2α(snr·std)² as in `langevin`. M is diagonal: 1
 * where the density is as narrow as its noise, up to `limit` (default 100) where it is wide.
 *
 * M = 1/k with kᵢ the length of row i of −std²∇² log p_s, the root mean square over `probes` (default 4) of
 * (n(x + δ·std·v) − n(x))/δ, v of random signs, δ = 0.1, n the predicted noise. One probe is exact where the
 * Hessian is diagonal. M depends on the state, so p_s is preserved only with the drift ε∇·M. Noise scaled by
 * M at the end of its own move supplies that drift (in the mean, √M(y)·z is √(ε/2)·∇·M). Where curvature
 * vanishes M changes sharply, and the bias falls with snr and not with snr². Where the Hessian is far from
 * diagonal, few probes make steps that are too long. `docs/solvers.md` has gains and losses.
 * A corrector, not an integrator: order 0. 2(1 + `probes`) evaluations a step.
 */
export function preconditionedLangevin(options: Options<typeof defaults> = {}): Solver {
  const { snr, limit, probes } = withDefaults('preconditioned-langevin', defaults, options);
  requireBetween('preconditioned-langevin', 'snr', snr, 0);
  requireBetween('preconditioned-langevin', 'limit', limit, 1);
  if (!(Number.isInteger(probes) && probes > 0)) {
    const [where, expected] = ['preconditioned-langevin', '1, 2, ...'];
    throw usage('option "probes" is out of range', { where, got: probes, expected });
  }
  return Object.freeze({
    name: 'preconditioned-langevin',
    order: 0,
    noise: 'fresh',
    corrects: true,
    evaluationsPerStep: 2 * (1 + probes),
    step({ problem, x, t, s, path }) {
      const [pull, kick] = coefficients((t, s) => pullAndKick(problem.sde, t, s, snr), t, s);
      const looks = Array.from({ length: probes }, (_, k) => signs(path.normal(k + 1)));
      const narrowAt = (at: Tensor, noise: Tensor) =>
        minimum(maximum(curvature(problem, at, s, noise, looks), 1 / limit), 1);
      const [noise, z] = [problem.noise(x, s), path.normal(0)];
      const narrow = narrowAt(x, noise);
      const halfway = add(x, combine([kick, div(z, sqrt(narrow))]));
      const narrowThere = narrowAt(halfway, problem.noise(halfway, s));
      return { x: add(x, combine([pull, div(noise, narrow)], [kick, div(z, sqrt(narrowThere))])) };
    },
  } satisfies Solver);
}

/** The root mean square of std²·∇² log p_s · v over `looks` v: the length of each row of the Hessian at x. */
function curvature(problem: Problem, x: Tensor, s: Coefficient, noise: Tensor, looks: readonly Tensor[]) {
  const [reach] = coefficients(time => [REACH * problem.sde.marginal(time).std], s);
  const squares = looks.map(look => {
    const neighbour = combine([1, x], [reach, look]);
    return [1 / (looks.length * REACH * REACH), square(sub(problem.noise(neighbour, s), noise))] as const;
  });
  return sqrt(combine(...squares));
}

/** −1 or 1; the tiny offset makes a draw of exactly 0 count as positive. */
function signs(z: Tensor): Tensor {
  const shifted = add(z, 1e-20);
  return div(shifted, abs(shifted));
}
