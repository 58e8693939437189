import type { ScoreModel } from '../score/contract.ts';
import { coefficients } from '../sde/coefficients.ts';
import type { Sde } from '../sde/contract.ts';
import { combine, mean, meanPerSample, mul, square, sub, type Tensor } from '../tensor/index.ts';
import type { ContinuousOptions, Objective, ObjectiveOptions } from './contract.ts';
import { type TimeLaw, timeLaw } from './times.ts';
import { weightOf } from './weight.ts';

/**
 * Continuous denoising score matching (Vincent 2011; Song et al. 2021, eq. 7):
 * E_t λ(t)·‖score + ε/std‖², x_t = scale·x₀ + std·ε, as a mean over dimensions. Default weighting `simple`.
 */
export const denoising = (sde: Sde, model: ScoreModel, options: ContinuousOptions = {}): Objective =>
  denoisingOver('denoising', timeLaw(sde, options), sde, model, options);

/**
 * Denoising over any law of times. The prediction is ε = a·x_t + b·F, so in units of F the error is F − ((1 −
 * a·std)·ε − a·scale·x₀)/b. All coefficients are float64.
 */
export function denoisingOver(
  name: string,
  law: TimeLaw,
  sde: Sde,
  model: ScoreModel,
  { weighting = 'simple' }: ObjectiveOptions,
): Objective {
  const weight = weightOf(sde, model, weighting);
  const terms = (t: number) => {
    const { scale, std } = sde.marginal(t);
    const { a, b } = model.noiseForm(t);
    return [scale, std, (1 - a * std) / b, (-a * scale) / b, weight(t) * law.correction(t)] as const;
  };
  return Object.freeze({
    name,
    times: law.at,
    loss(weights: readonly Tensor[], x0: Tensor, noise: Tensor, t: Float64Array): Tensor {
      const [scale, std, ofNoise, ofData, factor] = coefficients(terms, t);
      const xt = combine([scale, x0], [std, noise]);
      const target = combine([ofNoise, noise], [ofData, x0]);
      const error = sub(model.raw(weights, xt, t), target);
      // What is not generated is not learned.
      const own = model.generated ? mul(error, model.generated(weights, x0.shape[0]!)) : error;
      return mean(mul(meanPerSample(square(own)), factor));
    },
  });
}
