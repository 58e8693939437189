import type { Observation } from '../measure/observation.ts';
import { add, fromHost, type Tensor, vjp } from '../tensor/index.ts';
import type { Guidance, GuidanceArguments, Guided } from './contract.ts';

/** Whether all that is known of a sample is told by likelihoods of noisy samples. */
export const isNoisyOnly = ({ count, densities, noisy }: Observation): boolean =>
  noisy.length > 0 && count + densities.length === 0;

/**
 * How a method looks at x_t, with ∇log p(y | x_t) of what knows noisy samples added to what it finds by
 * itself; undefined if it changes the solver alone.
 */
export function lookOf({ look }: Guidance, observation: Observation): Guidance['look'] {
  if (observation.noisy.length === 0) return look;
  if (!look || isNoisyOnly(observation)) return lookAtNoisy;
  return args => {
    const { raw, gradient, logLikelihood } = look(args);
    const more = noisyGradient(args);
    return {
      raw,
      gradient: add(gradient, more.gradient),
      ...(logLikelihood && { logLikelihood: add(logLikelihood, more.logLikelihood) }),
    };
  };
}

/** The model as it is, and ∇log p(y | x_t) of what knows noisy samples. */
export const lookAtNoisy = (args: GuidanceArguments): Required<Guided> => {
  const { model, weights, x, t, known } = args;
  return { raw: known?.raw ?? model.raw(weights, x, t), ...noisyGradient(args) };
};

function noisyGradient({ observation, rows, x, t }: GuidanceArguments): Omit<Required<Guided>, 'raw'> {
  const sumAt = (at: Tensor) => observation.noisy.map(one => one(rows, at, t)).reduce(add);
  const ones = fromHost(new Float32Array(x.shape[0]!).fill(1), [x.shape[0]!]);
  const { value, product } = vjp(sumAt, x, ones);
  return { gradient: product, logLikelihood: value };
}
