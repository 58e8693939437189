import { symmetricEigen } from '../../math/eigenvectors.ts';
import { fillNormal, key } from '../../random/index.ts';
import { coefficients } from '../../sde/coefficients.ts';
import type { Sde } from '../../sde/contract.ts';
import {
  add,
  type Coefficient,
  div,
  matmul,
  mul,
  reshape,
  type Shape,
  sub,
  sumPerSample,
  type Tensor,
} from '../../tensor/index.ts';
import { plainTensor, requireFinite, requireLength, shapeOf } from './checks.ts';
import type { AnalyticModel } from './contract.ts';
import { logDiffused } from './density.ts';

/** The distribution N(mean, Σ), with Σ given as standard deviations or as a full matrix. */
export interface GaussianOptions {
  /** The mean m, one value for each of the D coordinates. */
  readonly mean: readonly number[];
  /** Standard deviation: one for all coordinates or one for each; 0 is a point. Default 1. */
  readonly std?: number | readonly number[];
  /** Covariance, row-major [D, D], instead of `std`. */
  readonly covariance?: readonly number[];
  /** The shape of one sample; a flat row by default. */
  readonly shape?: Shape;
}

/**
 * Gaussian data N(m, Σ) under `sde`: p_t = N(scale·m, scale²Σ + std²I), so
 * E[ε | x_t = x] = std·(scale²Σ + std²I)⁻¹(x − scale·m), exact at any time. A full covariance is handled in
 * its eigenbasis.
 */
export function gaussianModel(options: GaussianOptions, sde: Sde): AnalyticModel {
  const { mean, std = 1, covariance } = options;
  const size = mean.length;
  const shape = shapeOf('gaussianModel', size, options.shape);
  requireFinite('gaussianModel', 'mean', mean);
  if (covariance) return rotated(mean, covariance, shape, sde);
  const stds = typeof std === 'number' ? mean.map(() => std) : std;
  requireLength('gaussianModel', 'std', stds, size);
  requireFinite('gaussianModel', 'std', stds, 0);
  const variances = stds.map(value => value * value);
  return Object.freeze({
    name: 'gaussian',
    shape,
    weights: [plainTensor(mean, [1, ...shape]), plainTensor(variances, [1, ...shape])],
    raw: ([center, variance]: readonly Tensor[], x: Tensor, t: Coefficient) =>
      noise(sde, center!, variance!, x, t),
    rawAndEnergy: ([center, variance]: readonly Tensor[], x: Tensor, t: Coefficient) => {
      const raw = noise(sde, center!, variance!, x, t);
      return { raw, energy: energy(sde, center!, raw, x, t) };
    },
    noiseForm: () => ({ a: 0, b: 1 }),
    direct: true,
    logDensity: (x: ArrayLike<number>, t: number) =>
      logDiffused(x, mean, i => variances[i]!, sde.marginal(t)),
    sample: (count: number, seed: number) => {
      const data = normals(count, size, seed);
      for (let i = 0; i < data.length; i++) data[i] = mean[i % size]! + stds[i % size]! * data[i]!;
      return { data, shape: [count, ...shape] };
    },
  });
}

/** std·(x − scale·m)/(scale²·v + std²), coordinate by coordinate. */
function noise(sde: Sde, mean: Tensor, variance: Tensor, x: Tensor, t: Coefficient): Tensor {
  const [scale, shrink, std, power] = coefficients(time => {
    const marginal = sde.marginal(time);
    return [marginal.scale, marginal.scale ** 2, marginal.std, marginal.std ** 2];
  }, t);
  const deviation = mul(sub(x, mul(mean, scale)), std);
  return div(deviation, add(mul(variance, shrink), power));
}

/** ½ Σ (x − scale·m)²/(scale²·v + std²), from the noise that is std times the quotient. [B] */
function energy(sde: Sde, mean: Tensor, raw: Tensor, x: Tensor, t: Coefficient): Tensor {
  const [scale, half] = coefficients(time => {
    const marginal = sde.marginal(time);
    return [marginal.scale, 0.5 / marginal.std];
  }, t);
  return mul(sumPerSample(mul(sub(x, mul(mean, scale)), raw)), half);
}

function rotated(
  mean: readonly number[],
  covariance: readonly number[],
  shape: Shape,
  sde: Sde,
): AnalyticModel {
  const size = mean.length;
  requireLength('gaussianModel', 'covariance', covariance, size * size);
  const { values, vectors } = symmetricEigen(covariance, size);
  requireFinite(
    'gaussianModel',
    'eigenvalue of covariance',
    values,
    -1e-12 * Math.max(...values.map(Math.abs)),
  );
  const variances = values.map(value => Math.max(0, value));
  const rotate = (x: ArrayLike<number>) =>
    variances.map((_, j) => mean.reduce((sum, _, i) => sum + x[i]! * vectors[i * size + j]!, 0));
  const center = rotate(mean);
  const rawAndEnergy = ([m, v, basis]: readonly Tensor[], x: Tensor, t: Coefficient) => {
    const rotated = matmul(reshape(x, [x.shape[0]!, size]), basis!);
    const noiseInBasis = noise(sde, m!, v!, rotated, t);
    const raw = reshape(matmul(noiseInBasis, basis!, false, true), x.shape);
    return { raw, energy: energy(sde, m!, noiseInBasis, rotated, t) };
  };
  return Object.freeze({
    name: 'gaussian',
    shape,
    weights: [
      plainTensor(center, [1, size]),
      plainTensor(variances, [1, size]),
      plainTensor(vectors, [size, size]),
    ],
    raw: (weights: readonly Tensor[], x: Tensor, t: Coefficient) => rawAndEnergy(weights, x, t).raw,
    rawAndEnergy,
    noiseForm: () => ({ a: 0, b: 1 }),
    direct: true,
    logDensity: (x: ArrayLike<number>, t: number) =>
      logDiffused(rotate(x), center, i => variances[i]!, sde.marginal(t)),
    sample: (count: number, seed: number) => {
      const data = normals(count, size, seed);
      const row = new Float64Array(size);
      for (let n = 0; n < count; n++) {
        for (let j = 0; j < size; j++) row[j] = Math.sqrt(variances[j]!) * data[n * size + j]!;
        for (let i = 0; i < size; i++) {
          data[n * size + i] = mean[i]! + row.reduce((sum, z, j) => sum + vectors[i * size + j]! * z, 0);
        }
      }
      return { data, shape: [count, ...shape] };
    },
  });
}

/** [count, size] standard normals from the random stream of the data. */
export function normals(count: number, size: number, seed: number): Float32Array {
  const data = new Float32Array(count * size);
  fillNormal(data, key(seed, 'analytic/normal'), { step: 0, size });
  return data;
}
