import { unknownName } from '../errors.ts';
import { fillUniform, key } from '../random/index.ts';
import type { ScoreModel } from '../score/contract.ts';
import { coefficients } from '../sde/coefficients.ts';
import type { Sde } from '../sde/contract.ts';
import { combine, mean, meanPerSample, mul, square, sub, type Tensor } from '../tensor/index.ts';

/** The weightings λ(t) of denoising score matching: see `DenoisingOptions`. */
export const weightings = ['simple', 'likelihood'] as const;
/** A name in `weightings`. */
export type Weighting = (typeof weightings)[number];

export interface DenoisingOptions {
  /**
   * `simple` (default): the squared error of what the network predicts (for `score`, of std·score).
   * `likelihood`: g²·‖score − ∇log p‖², whose mean bounds the negative log-likelihood (Song et al. 2021b).
   */
  readonly weighting?: Weighting;
  /** The smallest time trained on; default 1e-5. */
  readonly epsilon?: number;
}

/** A loss over clean data x₀, noise ε ~ N(0, I) and times, one for each sample. */
export interface Objective {
  readonly name: string;
  /** The times of training step `step`: they fill [epsilon, T] evenly around one random offset, which lowers variance. */
  times(seed: number, step: number, batch: number): Float64Array;
  /** x0, noise: [B, ...D] → the mean loss of the batch, a scalar */
  loss(weights: readonly Tensor[], x0: Tensor, noise: Tensor, t: Float64Array): Tensor;
}

/**
 * Continuous denoising score matching (Vincent 2011; Song et al. 2021, eq. 7):
 * E_t λ(t)·‖a·x_t + b·F(x_t, t) − ε‖², x_t = scale·x₀ + std·ε, with ε = a·x_t + b·F the form of the model's prediction.
 * Written in units of F, its target is ((1 − a·std)·ε − a·scale·x₀)/b, with all coefficients in float64.
 */
export function denoising(sde: Sde, model: ScoreModel, options: DenoisingOptions = {}): Objective {
  const { weighting = 'simple', epsilon = 1e-5 } = options;
  if (!weightings.includes(weighting)) throw unknownName('weighting', weighting, weightings);
  return Object.freeze({
    name: 'denoising',
    times: (seed: number, step: number, batch: number) => evenTimes(seed, step, batch, epsilon, sde.tMax),
    loss(weights: readonly Tensor[], x0: Tensor, noise: Tensor, t: Float64Array): Tensor {
      const [scale, std, ofNoise, ofData, weight] = coefficients(
        time => terms(sde, model, weighting, time),
        t,
      );
      const xt = combine([scale!, x0], [std!, noise]);
      const target = combine([ofNoise!, noise], [ofData!, x0]);
      const error = sub(model.raw(weights, xt, t), target);
      return mean(mul(meanPerSample(square(error)), weight!));
    },
  });
}

function terms(sde: Sde, model: ScoreModel, weighting: Weighting, t: number) {
  const { scale, std } = sde.marginal(t);
  const { a, b } = model.noiseForm(t);
  const simple = b === -std ? b * b : 1;
  const weight = weighting === 'simple' ? simple : ((sde.diffusion(t) / std) * b) ** 2;
  return [scale, std, (1 - a * std) / b, (-a * scale) / b, weight] as const;
}

function evenTimes(seed: number, step: number, batch: number, from: number, to: number): Float64Array {
  const offset = new Float64Array(1);
  fillUniform(offset, key(seed, 'time'), { step, first: 0, size: 1 });
  return Float64Array.from({ length: batch }, (_, i) => from + (to - from) * ((offset[0]! + i / batch) % 1));
}
