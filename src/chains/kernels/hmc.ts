import { type Options, requireBetween, withDefaults } from '../../sde/options.ts';
import { add, mul, reshape } from '../../tensor/index.ts';
import type { Kernel } from '../contract.ts';
import { hamiltonianMove } from '../moves.ts';
import { requireWhole } from './options.ts';

const defaults = {
  /** Length h of a leap at the start, in units of the target, above 0. Burn-in adapts it. Default 0.5. */
  step: 0.5,
  /** Leapfrog steps of a move, from 1. Default 5. */
  leaps: 5,
  /** The part of proposals to accept, between 0 and 1. Default 0.8. */
  acceptance: 0.8,
  /** Each move has h·(1 ± u·jitter), so that no orbit returns to its start; from 0 to 1. Default 0.2. */
  jitter: 0.2,
  /** For a score without a density: inner points of Lobatto's rule along a leap, from 0. Default 1. */
  nodes: 1,
};

/**
 * Hamiltonian Monte Carlo (Duane et al. 1987; Neal 2011): `leaps` leapfrog steps with a fresh momentum,
 * accepted or rejected so that p is stationary for every h. A move takes `leaps` evaluations, 1 + `nodes`
 * times as many if only the score is known.
 */
export function hmc(options: Options<typeof defaults> = {}): Kernel {
  const { step, leaps, acceptance, jitter, nodes } = withDefaults('hmc', defaults, options);
  requireBetween('hmc', 'step', step, 0);
  requireBetween('hmc', 'acceptance', acceptance, 0, 1);
  requireBetween('hmc', 'jitter', jitter, -Number.MIN_VALUE, 1);
  requireWhole('hmc', 'leaps', leaps, 1);
  requireWhole('hmc', 'nodes', nodes, 0);
  return Object.freeze({
    name: 'hmc',
    exact: true,
    evaluations: normed => leaps * (normed ? 1 : 1 + nodes),
    step,
    acceptance,
    anneals: false,
    move: ({ look, here, step, path }) => {
      const draws = { z: path.normal(0), exponential: path.exponential() };
      const around = add(mul(path.uniform(), 2 * jitter), 1 - jitter);
      const each = reshape(around, [around.shape[0]!, ...here.x.shape.slice(1).map(() => 1)]);
      return hamiltonianMove(look, here, mul(each, step), draws, { leaps, nodes });
    },
  } satisfies Kernel);
}
