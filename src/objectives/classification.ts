import type { Classifier } from '../score/classifier/contract.ts';
import { coefficients } from '../sde/coefficients.ts';
import type { Sde } from '../sde/contract.ts';
import { combine, mul, slice, sum, type Tensor } from '../tensor/index.ts';
import type { Objective, ObjectiveOptions } from './contract.ts';
import { timeLaw } from './times.ts';

/** Options of `classification`: which noise levels come how often. */
export type ClassificationOptions = Pick<ObjectiveOptions, 'epsilon' | 'times' | 'logMean' | 'logStd'>;

/**
 * The cross-entropy of a classifier of noisy samples, −E log p(y | x_t), x_t = scale·x₀ + std·ε (Song et al.
 * 2021, §5). p(y | x_t) has the least at every t, so a law of times only says which levels are learned well.
 * Default `importance`: uniform in log(scale²/std²), where a uniform t would see mostly noise. The last
 * tensor behind the weights of the classifier is the label, one-hot, [B, K + 1]; masks follow it.
 */
export function classification(
  sde: Sde,
  classifier: Classifier,
  { times = 'importance', ...options }: ClassificationOptions = {},
): Objective {
  const law = timeLaw(sde, { times, ...options });
  const { classes, weights: own } = classifier;
  return Object.freeze({
    name: 'classifier',
    times: law.at,
    loss(weights: readonly Tensor[], x0: Tensor, noise: Tensor, t: Float64Array): Tensor {
      const [scale, std] = coefficients(time => {
        const marginal = sde.marginal(time);
        return [marginal.scale, marginal.std];
      }, t);
      const xt = combine([scale, x0], [std, noise]);
      const rows = x0.shape[0]!;
      const label = slice(weights[own.length]!, [0, 0], [rows, classes]);
      const inner = weights.filter((_, i) => i !== own.length);
      const logs = classifier.logProbabilities(inner, xt, t);
      return mul(sum(mul(logs, label)), -1 / rows);
    },
  } satisfies Objective);
}
