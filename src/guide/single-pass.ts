import {
  add,
  type Coefficient,
  concat,
  fromHost,
  reshape,
  sizeOf,
  slice,
  type Tensor,
  vjp,
} from '../tensor/index.ts';
import { cleanOf } from './clean.ts';
import type { GuidanceArguments, Guided } from './contract.ts';

/**
 * The prediction of the model and the gradient of log p̃(y | x_t) = f(x̂(x_t), t), from one pass of the
 * network forward and back: F and f are one output whose cotangent is (0, 1).
 */
export function singlePass(
  { sde, model, weights, x, t }: GuidanceArguments,
  f: (clean: Tensor, t: Coefficient) => Tensor,
): Required<Guided> {
  const rows = x.shape[0]!;
  const size = sizeOf(x.shape.slice(1));
  const joint = (y: Tensor) => {
    const F = model.raw(weights, y, t);
    const value = f(cleanOf(sde, model, y, F, t), t);
    return concat([reshape(F, [rows, size]), reshape(value, [rows, 1])], 1);
  };
  const cotangent = new Float32Array(rows * (size + 1));
  for (let i = 0; i < rows; i++) cotangent[i * (size + 1) + size] = 1;
  const { value, product } = vjp(joint, x, fromHost(cotangent, [rows, size + 1]));
  return {
    raw: reshape(slice(value, [0, 0], [rows, size]), x.shape),
    gradient: product,
    logLikelihood: reshape(slice(value, [0, size], [rows, 1]), [rows]),
  };
}

/** log p̃ plus the other log-likelihoods at x̂. */
export const withDensities = (
  { observation }: Pick<GuidanceArguments, 'observation'>,
  logLikelihood: Tensor | undefined,
  clean: Tensor,
): Tensor => {
  const more = observation.densities.map(density => density(clean));
  return (logLikelihood ? [logLikelihood, ...more] : more).reduce(add);
};
