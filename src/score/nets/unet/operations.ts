import {
  add,
  type ConvOptions,
  conv2d,
  exp,
  groupNorm,
  matmul,
  maximum,
  minimum,
  mul,
  reshape,
  silu,
  sub,
  type Tensor,
  transpose,
  upsampleConv2d,
} from '../../../tensor/index.ts';
import { type Activation, groupsOf, type UnetConfig } from './config.ts';
import type { Weights } from './layer.ts';

/** Weights and computation of the parts of modules, under the published names. */
export type Get = (name: string) => Tensor;

export const denseWeights = (from: number, to: number): Weights => ({
  weight: { shape: [to, from], begin: { glorot: 1 } },
  bias: { shape: [to], begin: { value: 0 } },
});
export const dense = (w: Get, part: string, h: Tensor): Tensor =>
  add(matmul(h, w(`${part}weight`), false, true), w(`${part}bias`));

export const convWeights = (from: number, to: number, size = 3, scale = 1): Weights => ({
  weight: { shape: [to, from, size, size], begin: { glorot: scale } },
  bias: { shape: [to], begin: { value: 0 } },
});
export const conv = (w: Get, part: string, h: Tensor, options: ConvOptions = { padding: 1 }): Tensor =>
  conv2d(h, w(`${part}weight`), w(`${part}bias`), options);

export const normWeights = (channels: number): Weights => ({
  weight: { shape: [channels], begin: { value: 1 } },
  bias: { shape: [channels], begin: { value: 0 } },
});
export const norm = (config: UnetConfig, w: Get, part: string, h: Tensor): Tensor =>
  groupNorm(h, w(`${part}weight`), w(`${part}bias`), groupsOf(config, h.shape[1]!));

/** A dense map of the channels of every pixel: a 1×1 convolution with the matrix transposed. */
export const pixelDenseWeights = (from: number, to: number, scale = 0.1): Weights => ({
  W: { shape: [from, to], begin: { glorot: scale } },
  b: { shape: [to], begin: { value: 0 } },
});
export function pixelDense(w: Get, part: string, h: Tensor): Tensor {
  const matrix = transpose(w(`${part}W`), [1, 0]);
  return conv2d(h, reshape(matrix, [...matrix.shape, 1, 1]), w(`${part}b`));
}

const ACTIVATIONS: Readonly<Record<Activation, (h: Tensor) => Tensor>> = {
  swish: silu,
  relu: h => maximum(h, 0),
  lrelu: h => maximum(h, mul(h, 0.2)),
  elu: h => add(maximum(h, 0), sub(exp(minimum(h, 0)), 1)),
};
export const activate = (name: Activation, h: Tensor): Tensor => ACTIVATIONS[name](h);

/** A 3×3 convolution of pixels doubled along both axes. */
export const doubledConv = (w: Get, part: string, h: Tensor): Tensor =>
  upsampleConv2d(h, w(`${part}weight`), w(`${part}bias`));

/** Weights times a factor. This avoids a pass over the features. */
export const times =
  (w: Get, factor: number): Get =>
  name =>
    mul(w(name), factor);

/**
 * Each of the two sides of a sum of branches. If the network rescales sums, its weights or its features are
 * divided by √2.
 */
export const branch = ({ rescaleSkips }: UnetConfig, w: Get): Get =>
  rescaleSkips ? times(w, Math.SQRT1_2) : w;
export const rescaled = ({ rescaleSkips }: UnetConfig, h: Tensor): Tensor =>
  rescaleSkips ? mul(h, Math.SQRT1_2) : h;
export const merge = (config: UnetConfig, a: Tensor, b: Tensor): Tensor => rescaled(config, add(a, b));
