import { usage } from '../errors.ts';
import type { ScoreModel } from '../score/contract.ts';
import { coefficients } from '../sde/coefficients.ts';
import type { Sde } from '../sde/contract.ts';
import { combine, fromHost, mean, meanPerSample, mul, square, sub, type Tensor } from '../tensor/index.ts';
import type {
  ContinuousOptions,
  ExplicitOptions,
  Objective,
  ObjectiveOptions,
  SlicedOptions,
} from './contract.ts';
import { type Divergence, exactDivergence, slicedDivergence } from './divergence.ts';
import { timeLaw } from './times.ts';
import { weightOf } from './weight.ts';

/**
 * Explicit score matching: E_t λ(t)·‖score − ∇log p_t(x_t)‖² against the closed-form score of the data.
 * Unlike denoising, its target has no noise. It needs data that are a mixture, and serves as a reference for
 * the other objectives.
 */
export function explicit(sde: Sde, model: ScoreModel, options: ExplicitOptions = {}): Objective {
  const { exact } = options;
  if (!exact) {
    throw usage('Explicit score matching needs the score of the data in closed form', {
      where: 'objective "explicit"',
      remedy: 'Train on a mixture of `langevin list data`, or take the objective denoising',
    });
  }
  return matching('explicit', sde, model, options, (weights, x, t) => {
    const truth = noiseOf(
      exact,
      exact.weights.map(({ data, shape }) => fromHost(data, shape)),
      x,
      t,
    );
    return meanPerSample(square(sub(noiseOf(model, weights, x, t), truth)));
  });
}

/**
 * Implicit score matching (Hyvärinen 2005) at every time: E_t λ(t)·(‖score‖² + 2∇·score). It equals the
 * explicit loss up to a constant and needs no reference score. The divergence is exact and costs D + 1
 * evaluations.
 */
export const implicit = (sde: Sde, model: ScoreModel, options: ContinuousOptions = {}): Objective =>
  hyvarinen('implicit', sde, model, options, exactDivergence);

/**
 * Sliced score matching (Song, Garg, Shi & Ermon 2019) at every time: the implicit loss with the divergence
 * estimated along `probes` random directions of signs, vᵀ(∂score/∂x)v. With reduced variance (eq. 8, default)
 * ‖score‖² is exact; in the plain form (eq. 7) it is (vᵀscore)², of the same mean.
 */
export function sliced(sde: Sde, model: ScoreModel, options: SlicedOptions = {}): Objective {
  const { probes = 1, reduced = true } = options;
  if (!(Number.isInteger(probes) && probes > 0))
    throw usage('The number of probes has to be a whole number above 0', { where: 'sliced', got: probes });
  return hyvarinen('sliced', sde, model, options, slicedDivergence(probes, reduced));
}

/** In units of the noise, score = −ε̂/std: std²·(‖score‖² + 2∇·score) = ‖ε̂‖² − 2·std·∇·ε̂. */
function hyvarinen(
  name: string,
  sde: Sde,
  model: ScoreModel,
  options: ObjectiveOptions,
  divergenceOf: Divergence,
): Objective {
  return matching(name, sde, model, options, (weights, x, t, directions) => {
    const { square: ofNoise, trace: divergence } = divergenceOf(
      (y, at) => noiseOf(model, weights, y, at),
      x,
      t,
      directions,
    );
    const size = x.shape.slice(1).reduce((product, side) => product * side, 1);
    const [shrink] = coefficients(time => [(-2 * sde.marginal(time).std) / size], t);
    return combine([1 / size, ofNoise], [shrink, divergence]);
  });
}

type NoiseLoss = (
  weights: readonly Tensor[],
  x: Tensor,
  t: Float64Array,
  directions: (k: number) => Tensor,
) => Tensor;

/** E_t λ(t)/std²·loss(x_t), for a loss [B] in units of the noise. */
function matching(
  name: string,
  sde: Sde,
  model: ScoreModel,
  options: ObjectiveOptions,
  loss: NoiseLoss,
): Objective {
  const law = timeLaw(sde, options);
  const weight = weightOf(sde, model, options.weighting ?? 'noise');
  return Object.freeze({
    name,
    times: law.at,
    loss(weights, x0, noise, t, directions) {
      const [scale, std, factor] = coefficients(time => {
        const marginal = sde.marginal(time);
        const ofNoise = weight(time) / model.noiseForm(time).b ** 2;
        return [marginal.scale, marginal.std, ofNoise * law.correction(time)];
      }, t);
      const xt = combine([scale, x0], [std, noise]);
      return mean(mul(loss(weights, xt, t, directions), factor));
    },
  } satisfies Objective);
}

function noiseOf(model: ScoreModel, weights: readonly Tensor[], x: Tensor, t: Float64Array): Tensor {
  const [a, b] = coefficients(time => {
    const form = model.noiseForm(time);
    return [form.a, form.b];
  }, t);
  return combine([a, x], [b, model.raw(weights, x, t)]);
}
