import { type Options, type Solver, withDefaults } from '../src/plugin.ts';
import { unadjusted } from './frames/unadjusted.ts';

const defaults = {
  /** Signal-to-noise ratio r of a step, above 0: its length is ε = 2α(r·std)². Default 0.176. */
  snr: 0.176,
};

/**
 * Annealed Langevin dynamics at the time s reached: the step of `langevin` under the settings of NCSN. With
 * VE it is the loop of NCSN and NCSNv2 (Song & Ermon 2019, algorithm 1) for snr = √(step_lr/2)/σ_L. The
 * default corresponds to step_lr = 6.2e-6 at σ_L = 0.01. A corrector, not an integrator: order 0. One
 * evaluation a step.
 */
export const annealedLangevin = (options: Options<typeof defaults> = {}): Solver =>
  unadjusted('annealed-langevin', withDefaults('annealed-langevin', defaults, options).snr);
