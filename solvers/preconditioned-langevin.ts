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
  type Tensor,
  usage,
  withDefaults,
} from '../src/plugin.ts';
import { type Apply, hessianTimes, lowRank } from './frames/low-rank.ts';
import { pullAndKick } from './frames/unadjusted.ts';

const defaults = {
  /** Signal-to-noise ratio r of a step, above 0: its length is ε = 2α(r·std)² where M = 1. Default 0.16. */
  snr: 0.16,
  /** The largest entry of M, above 1. Default 100. */
  limit: 100,
  /** For a diagonal M: probes of the curvature in each step, a whole number above 0. Default 4. */
  probes: 4,
  /** Directions of an M of low rank, from 1; 0 is a diagonal M. Default 0. */
  rank: 0,
};

/**
 * Langevin dynamics at the time s reached, with step sizes from the curvature (an experiment):
 * x + ε·M(x)·score + √(2ε·M(y))·z, y = x + √(2ε·M(x))·z, ε = 2α(snr·std)² as in `langevin`. M is 1
 * where the density is as narrow as its noise, up to `limit` (default 100) where it is wide. As M depends on
 * the state, this is Langevin dynamics of a Riemannian metric (Girolami & Calderhead 2011), and near a mode a
 * Newton step.
 *
 * With `rank` r, M = I + Σ (gᵢ − 1)·qᵢqᵢᵀ in r directions of the denoiser's Jacobian: see `lowRank`. Else
 * M is diagonal, M = 1/k with kᵢ the length of row i of −std²∇² log p_s, the root mean square over `probes`
 * (default 4) of (n(x + δ·std·v) − n(x))/δ, v of random signs, δ = 0.1, n the predicted noise. One probe is
 * exact where the Hessian is diagonal.
 *
 * M depends on the state, so p_s is preserved only with the drift ε∇·M. Noise scaled by M at the end of its
 * own move supplies that drift (in the mean, √M(y)·z is √(ε/2)·∇·M). Where curvature vanishes M changes
 * sharply, and the bias falls with snr and not with snr². Where the Hessian is far from diagonal, few probes
 * make steps that are too long. `docs/solvers.md` has gains and losses.
 * A corrector, not an integrator: order 0. 2(1 + `probes`) evaluations a step, or 2(1 + 2·`rank`).
 */
export function preconditionedLangevin(options: Options<typeof defaults> = {}): Solver {
  const { snr, limit, probes, rank } = withDefaults('preconditioned-langevin', defaults, options);
  requireBetween('preconditioned-langevin', 'snr', snr, 0);
  requireBetween('preconditioned-langevin', 'limit', limit, 1);
  if (!(Number.isInteger(probes) && probes > 0)) {
    const [where, expected] = ['preconditioned-langevin', '1, 2, ...'];
    throw usage('option "probes" is out of range', { where, got: probes, expected });
  }
  if (!(Number.isInteger(rank) && rank >= 0)) {
    const [where, expected] = ['preconditioned-langevin', '0, 1, 2, ...'];
    throw usage('option "rank" is out of range', { where, got: rank, expected });
  }
  const count = rank > 0 ? rank : probes;
  return Object.freeze({
    name: 'preconditioned-langevin',
    order: 0,
    noise: 'fresh',
    corrects: true,
    evaluationsPerStep: 2 * (1 + (rank > 0 ? 2 * rank : probes)),
    step({ problem, x, t, s, path }) {
      const [pull, kick] = coefficients((t, s) => pullAndKick(problem.sde, t, s, snr), t, s);
      const starts = Array.from({ length: count }, (_, k) => path.normal(k + 1));
      const metricAt = (at: Tensor, noise: Tensor): Apply =>
        rank > 0
          ? lowRank(problem, at, s, noise, starts, limit)
          : diagonal(problem, at, s, noise, starts.map(signs), limit);
      const [noise, z] = [problem.noise(x, s), path.normal(0)];
      const metricHere = metricAt(x, noise);
      const halfway = add(x, combine([kick, metricHere(z, true)]));
      const metricThere = metricAt(halfway, problem.noise(halfway, s));
      return { x: add(x, combine([pull, metricHere(noise, false)], [kick, metricThere(z, true)])) };
    },
  } satisfies Solver);
}

/** M = 1/k, kᵢ the root mean square of entry i of −std²∇² log p_s · v over `looks` v. */
function diagonal(
  problem: Problem,
  at: Tensor,
  s: Coefficient,
  noise: Tensor,
  looks: readonly Tensor[],
  limit: number,
): Apply {
  const squares = looks.map(
    look => [1 / looks.length, square(hessianTimes(problem, at, s, noise, look))] as const,
  );
  const narrow = minimum(maximum(sqrt(combine(...squares)), 1 / limit), 1);
  return (v, root) => div(v, root ? sqrt(narrow) : narrow);
}

/** −1 or 1; the tiny offset makes a draw of exactly 0 count as positive. */
function signs(z: Tensor): Tensor {
  const shifted = add(z, 1e-20);
  return div(shifted, abs(shifted));
}
