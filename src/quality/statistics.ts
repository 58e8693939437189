import { failure } from '../errors.ts';
import { readNpz, writeNpz } from '../files/index.ts';
import type { HostTensor } from '../tensor/types.ts';
import { points } from './points.ts';

/** The first two moments of a set of features in D dimensions. */
export interface Statistics {
  /** The mean, `[D]`. */
  readonly mean: Float64Array;
  /** The covariance, `[D, D]`, with divisor n − 1. */
  readonly covariance: Float64Array;
}

/**
 * Mean and covariance of features `[n, D]`, Σ = Σᵢ (xᵢ − μ)(xᵢ − μ)ᵀ/(n − 1), in two passes.
 * @throws failure for fewer than two rows and for values that are not finite
 */
export function featureStatistics(features: HostTensor): Statistics {
  const { x, count, size } = points(features, 'featureStatistics');
  if (count < 2) throw failure('one row has no covariance', { where: 'featureStatistics' });
  const mean = new Float64Array(size);
  for (let i = 0; i < x.length; i++) mean[i % size]! += x[i]! / count;
  const covariance = new Float64Array(size * size);
  const centred = new Float64Array(size);
  for (let row = 0; row < count; row++) {
    for (let d = 0; d < size; d++) centred[d] = x[row * size + d]! - mean[d]!;
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) covariance[i * size + j]! += centred[i]! * centred[j]!;
  }
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      covariance[i * size + j]! /= count - 1;
      covariance[j * size + i] = covariance[i * size + j]!;
    }
  return { mean, covariance };
}

/**
 * An `.npz` file with `mu` and `sigma` in float64. Other implementations of the Fréchet distance read and
 * write the same file.
 */
export function writeStatistics({ mean, covariance }: Statistics): Uint8Array {
  const size = mean.length;
  return writeNpz({ mu: { data: mean, shape: [size] }, sigma: { data: covariance, shape: [size, size] } });
}

/**
 * Statistics from an `.npz` with `mu` `[D]` and `sigma` `[D, D]`.
 * @throws failure naming `where` if they are missing, do not fit, are not finite or not symmetric
 */
export function readStatistics(bytes: Uint8Array, where: string): Statistics {
  const arrays = readNpz(bytes, where);
  const [mu, sigma] = [arrays.get('mu'), arrays.get('sigma')];
  if (!mu || !sigma)
    throw failure('not statistics of features', {
      where,
      got: [...arrays.keys()].join(', '),
      expected: 'mu and sigma',
    });
  const size = mu.data.length;
  if (size === 0 || mu.shape.length !== 1 || sigma.shape.join() !== [size, size].join())
    throw failure('mu and sigma do not fit', { where, got: `[${mu.shape}] and [${sigma.shape}]` });
  const [mean, covariance] = [Float64Array.from(mu.data), Float64Array.from(sigma.data)];
  if (!mean.every(Number.isFinite) || !covariance.every(Number.isFinite))
    throw failure('a value that is not finite', { where });
  const largest = covariance.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < i; j++)
      if (Math.abs(covariance[i * size + j]! - covariance[j * size + i]!) > 1e-6 * largest)
        throw failure('sigma is not symmetric', { where: `${where}, element [${i}, ${j}]` });
  return { mean, covariance };
}
