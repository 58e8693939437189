import {
  abs,
  add,
  coefficients,
  combine,
  div,
  maximum,
  minimum,
  type Options,
  requireBetween,
  type Solver,
  type StepArguments,
  sqrt,
  square,
  sub,
  type Tensor,
  usage,
  withDefaults,
} from '../src/plugin.ts';
import { pullAndKick } from './langevin.ts';

const defaults = { snr: 0.16, limit: 100, probes: 4 };

/** How far a probe looks, in units of std(s): curvature is that of the density on the scale of its noise. */
const REACH = 0.1;

/**
 * Langevin dynamics at the time s reached, with a step of its own for each coordinate (an experiment):
 * x + ε·M·score + √(2εM)·z, ε = 2α(snr·std)² as in `annealed-langevin`, M diagonal, from 1 where the density is as narrow
 * as its noise to `limit` (default 100) where it is wide.
 *
 * M = 1/k with kᵢ the length of row i of −std²∇² log p_s, the root mean square over `probes` (default 4) of
 * (n(x + δ·std·v) − n(x))/δ, v of random signs, δ = 0.1, n the predicted noise. One probe is exact where the Hessian is
 * diagonal. Where it changes with x, p_s is kept only roughly, for the drift ε∇·M is left out; where it is far from
 * diagonal few probes make steps that are too long. `docs/solvers.md` has what it gains and what it loses.
 * A corrector, not an integrator: order 0. 1 + `probes` evaluations a step.
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
    evaluationsPerStep: 1 + probes,
    step(args) {
      const { problem, x, t, s, path } = args;
      const [pull, kick] = coefficients((t, s) => pullAndKick(problem.sde, t, s, snr), t, s);
      const noise = problem.noise(x, s);
      const narrow = minimum(maximum(curvature(args, noise, probes), 1 / limit), 1);
      const toward = combine([pull, div(noise, narrow)], [kick, div(path.normal(0), sqrt(narrow))]);
      return { x: add(x, toward) };
    },
  } satisfies Solver);
}

/** The root mean square of std²·∇² log p_s · v over random signs v: the length of each row of the Hessian. */
function curvature({ problem, x, s, path }: StepArguments, noise: Tensor, probes: number): Tensor {
  const [reach] = coefficients(time => [REACH * problem.sde.marginal(time).std], s);
  const squares = Array.from({ length: probes }, (_, k) => {
    const moved = combine([1, x], [reach, signs(path.normal(k + 1))]);
    return [1 / (probes * REACH * REACH), square(sub(problem.noise(moved, s), noise))] as const;
  });
  return sqrt(combine(...squares));
}

/** −1 or 1; the hair added makes a draw of exactly 0 count as positive. */
function signs(z: Tensor): Tensor {
  const shifted = add(z, 1e-20);
  return div(shifted, abs(shifted));
}
