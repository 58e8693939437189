import type { ScoreModel } from '../score/contract.ts';
import type { Sde } from '../sde/contract.ts';
import { timeAtNoise } from '../sde/log-snr.ts';

/** The first time of a likelihood, if the model has no thin direction. */
export const LIKELIHOOD_T_MIN = 1e-5;

/** Noise at the first time, as a part of the thinnest direction. It costs ½·log(1 + 1/900) nats there. */
const PART = 1 / 30;
/** The least noise. Coordinates of order 1 are rounded to 6e-8 in float32. */
const LEAST = 3e-7;

/**
 * The first time of a likelihood: 1e-5, or an earlier one if noise of std(1e-5) would hide how thin the law
 * of a model is, as that of nearly collinear columns.
 */
export function firstTime(sde: Sde, { thinnest = 1 }: Pick<ScoreModel, 'thinnest'>): number {
  const noise = Math.max(LEAST, PART * thinnest);
  const ratio = (t: number) => sde.marginal(t).std / sde.marginal(t).scale;
  // Some SDEs have noise from the beginning: they see nothing finer.
  if (ratio(LIKELIHOOD_T_MIN) <= noise || !(ratio(0) < noise)) return LIKELIHOOD_T_MIN;
  return timeAtNoise(sde, noise, 'noise');
}
