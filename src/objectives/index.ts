import { denoising } from './denoising.ts';
import { ddpm, smld } from './discrete.ts';
import { explicit, implicit, sliced } from './score-matching.ts';

export type { Objective, ObjectiveOptions, TimeLawName, Weighting } from './contract.ts';
export { timeLaws, weightings } from './contract.ts';
export { ddpm, denoising, explicit, implicit, sliced, smld };

/** Every objective by name, with what it declares of itself. */
export const objectives = Object.freeze({
  /** Continuous denoising score matching. */
  denoising: { make: denoising, times: 'continuous', weighting: 'simple', needs: 'nothing' },
  /** L_simple over the steps of a β table. */
  ddpm: { make: ddpm, times: 'discrete', weighting: 'noise', needs: 'nothing' },
  /** NCSN's loss over σ levels. */
  smld: { make: smld, times: 'discrete', weighting: 'noise', needs: 'noise at t = 0, as ve has' },
  /** Hyvärinen's loss along random directions. */
  sliced: { make: sliced, times: 'continuous', weighting: 'noise', needs: 'second derivatives' },
  /** Hyvärinen's loss with the exact trace. */
  implicit: { make: implicit, times: 'continuous', weighting: 'noise', needs: 'second derivatives' },
  /** Against the score of the data in closed form. */
  explicit: { make: explicit, times: 'continuous', weighting: 'noise', needs: 'a mixture' },
} as const);
