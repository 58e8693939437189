import { type Options, requireBetween, withDefaults } from '../../sde/options.ts';
import type { Kernel } from '../contract.ts';
import { langevinMove } from '../moves.ts';

const defaults = {
  /** Length h of a step, in units of the target, above 0. Default 0.3. */
  step: 0.3,
};

/**
 * Unadjusted Langevin dynamics: x + ½h²·∇log p(x) + h·z. A move takes one evaluation. No proposal is
 * rejected, so the stationary distribution has an error of order h²: a Gaussian of variance V gets the
 * variance V/(1 − h²/4V).
 */
export function langevin(options: Options<typeof defaults> = {}): Kernel {
  const { step } = withDefaults('langevin', defaults, options);
  return unadjusted('langevin', step, false);
}

/** The kernel under a name, at one level or through all of them. */
export function unadjusted(name: string, step: number, anneals: boolean): Kernel {
  requireBetween(name, 'step', step, 0);
  return Object.freeze({
    name,
    exact: false,
    evaluations: () => 1,
    step,
    anneals,
    move: ({ look, here, step, path }) => ({ place: langevinMove(look, here, step, path.normal(0)) }),
  } satisfies Kernel);
}
