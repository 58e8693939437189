import { type Options, withDefaults } from '../../sde/options.ts';
import type { Kernel } from '../contract.ts';
import { unadjusted } from './langevin.ts';

const defaults = {
  /** Length h of a step, in units of the target at its level, above 0. Default 0.3. */
  step: 0.3,
};

/**
 * Annealed Langevin dynamics (Song & Ermon 2019, algorithm 1): the step of `langevin` at every level of the
 * target from the widest down, each with h in proportion to its noise. Modes get the weights that they have
 * at the widest level, so none is lost.
 */
export const annealedLangevin = (options: Options<typeof defaults> = {}): Kernel =>
  unadjusted('annealed-langevin', withDefaults('annealed-langevin', defaults, options).step, true);
