import type { Coefficient, Tensor } from '../tensor/index.ts';
import { type ErrorOptions, normalLaw } from './checks.ts';
import type { Measurement } from './contract.ts';

/**
 * y = h(x) + n, n ~ N(0, diag std²), for any h of tensor operations: [B, ...D] in the units of the data →
 * [B, m].
 */
export function measure(
  h: (x: Tensor) => Tensor,
  y: ArrayLike<number>,
  options: ErrorOptions = {},
): Measurement {
  const law = normalLaw('measure', y, options);
  const part = { kind: 'traced', text: 'a measurement', count: y.length, apply: h, law } as const;
  return Object.freeze({ name: 'measure', linear: false, on: async () => [part] } satisfies Measurement);
}

/** A log-likelihood log p(y | x) of tensor operations: [B, ...D] in the units of the data → [B], in nats. */
export const likelihood = (logLikelihood: (x: Tensor) => Tensor): Measurement =>
  Object.freeze({
    name: 'likelihood',
    linear: false,
    on: async () => [{ kind: 'density', text: 'a likelihood', logLikelihood }],
  } satisfies Measurement);

/**
 * A log-likelihood log p(y | x_t) of noisy samples, such as that of a classifier of your own, as tensor
 * operations: x_t [B, ...D] in model units and t → [B], in nats. It guides by ∇log p(y | x_t) itself, not by
 * a guess of x₀. Numbers that depend on t come from `coefficients` of `langevin/plugin`.
 */
export const noisyLikelihood = (logLikelihood: (x: Tensor, t: Coefficient) => Tensor): Measurement =>
  Object.freeze({
    name: 'noisy-likelihood',
    linear: false,
    on: async () => [
      {
        kind: 'noisy',
        text: 'a likelihood of noisy samples',
        weights: [],
        logLikelihood: (_weights, x, t) => logLikelihood(x, t),
      },
    ],
  } satisfies Measurement);
