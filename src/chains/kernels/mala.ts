import { type Options, requireBetween, withDefaults } from '../../sde/options.ts';
import type { Kernel } from '../contract.ts';
import { hamiltonianMove } from '../moves.ts';
import { requireWhole } from './options.ts';

const defaults = {
  /** Length h of a step at the start, in units of the target, above 0. Burn-in adapts it. Default 1. */
  step: 1,
  /** The part of proposals to accept, between 0 and 1. Default 0.574, the best in many dimensions. */
  acceptance: 0.574,
  /** For a score without a density: inner points of Lobatto's rule along a step, from 0. Default 2. */
  nodes: 2,
};

/**
 * The Metropolis-adjusted Langevin algorithm (Roberts & Tweedie 1996): the step of `langevin` as a proposal,
 * accepted or rejected so that p is stationary for every h. The best acceptance in many dimensions is 0.574
 * (Roberts & Rosenthal 1998). A move takes one evaluation, 1 + `nodes` if only the score is known.
 */
export function mala(options: Options<typeof defaults> = {}): Kernel {
  const { step, acceptance, nodes } = withDefaults('mala', defaults, options);
  requireBetween('mala', 'step', step, 0);
  requireBetween('mala', 'acceptance', acceptance, 0, 1);
  requireWhole('mala', 'nodes', nodes, 0);
  return Object.freeze({
    name: 'mala',
    exact: true,
    evaluations: normed => (normed ? 1 : 1 + nodes),
    step,
    acceptance,
    anneals: false,
    move: ({ look, here, step, path }) => {
      const draws = { z: path.normal(0), exponential: path.exponential() };
      return hamiltonianMove(look, here, step, draws, { leaps: 1, nodes });
    },
  } satisfies Kernel);
}
