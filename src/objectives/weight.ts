import { unknownName } from '../errors.ts';
import type { ScoreModel } from '../score/contract.ts';
import type { Sde } from '../sde/contract.ts';
import { type Weighting, weightings } from './contract.ts';

/**
 * The weight of the squared error of the raw prediction F: λ·(b/std)². The reason: with ε = a·x + b·F, an
 * error δ of F is an error −δ·b/std of the score.
 */
export function weightOf(sde: Sde, model: ScoreModel, weighting: Weighting): (t: number) => number {
  if (!weightings.includes(weighting)) throw unknownName('weighting', weighting, weightings);
  return t => {
    const { std } = sde.marginal(t);
    const { b } = model.noiseForm(t);
    if (weighting === 'likelihood') return ((sde.diffusion(t) / std) * b) ** 2;
    return weighting === 'noise' || b === -std ? b * b : 1;
  };
}
