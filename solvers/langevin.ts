import { type Options, type Solver, withDefaults } from '../src/plugin.ts';
import { unadjusted } from './frames/unadjusted.ts';

const defaults = {
  /** Signal-to-noise ratio r of a step, above 0: its length is ε = 2α(r·std)². Default 0.16. */
  snr: 0.16,
};

/**
 * One step of Langevin dynamics at the time s reached (Song et al. 2021, algorithms 4 and 5):
 * x + ε·score + √(2ε)·z, ε = 2α(snr·std(s))². α is (scale_t/scale_s)², which is 1 − β_k of a VP chain and 1
 * for VE.
 *
 * Where this code uses std(s), the paper measures ‖z‖/‖score‖ of the batch. A step size measured on the state
 * that it moves preserves p·‖score‖² instead of p. So this code uses the expected norms: √D of z, √D/std(s)
 * of the score of noise.
 * A corrector, not an integrator: order 0. One evaluation a step.
 */
export const langevin = (options: Options<typeof defaults> = {}): Solver =>
  unadjusted('langevin', withDefaults('langevin', defaults, options).snr);
