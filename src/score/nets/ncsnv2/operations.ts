import {
  add,
  concat,
  conv2d,
  div,
  fromHost,
  groupNorm,
  matmul,
  maximum,
  mean,
  meanPool2,
  mul,
  reshape,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  transpose,
} from '../../../tensor/index.ts';
import type { Weights } from '../unet/layer.ts';
import type { Get } from '../unet/operations.ts';

/** A convolution that preserves the sides; PyTorch's initial weights, uniform within 1/√fan-in. */
export function convWeights(from: number, to: number, size = 3, bias = true): Weights {
  const begin = { within: 1 / Math.sqrt(from * size * size) };
  const weight = { shape: [to, from, size, size], begin };
  return bias ? { weight, bias: { shape: [to], begin } } : { weight };
}
export function conv(w: Get, part: string, h: Tensor, { dilation = 1, bias = true } = {}): Tensor {
  const weight = w(`${part}.weight`);
  const padding = ((weight.shape[2]! - 1) / 2) * dilation;
  return conv2d(h, weight, bias ? w(`${part}.bias`) : undefined, { dilation, padding });
}

/** A convolution, then the mean of each 2×2 pixels. */
export const convPool = (w: Get, part: string, h: Tensor): Tensor => meanPool2(conv(w, `${part}.conv`, h));

export const normWeights = (channels: number): Weights => ({
  alpha: { shape: [channels], begin: { normal: 0.02, around: 1 } },
  gamma: { shape: [channels], begin: { normal: 0.02, around: 1 } },
  beta: { shape: [channels], begin: { value: 0 } },
});

/**
 * InstanceNorm++ (Song & Ermon 2019, appendix A): γ·((x − μ)/σ + α·(μ − m)/v) + β. μ and σ are the mean and
 * deviation of each channel; m and v are those of the μ of one sample (with its variance over C − 1).
 */
export function norm(w: Get, part: string, x: Tensor): Tensor {
  const [b, c] = x.shape as [number, number];
  const [alpha, gamma] = [w(`${part}.alpha`), w(`${part}.gamma`)];
  const means = mean(x, [2, 3]);
  const centred = sub(means, mean(means, [1], true));
  const variance = div(sum(square(centred), [1], true), c - 1);
  const shifts = mul(mul(div(centred, sqrt(add(variance, 1e-5))), alpha), gamma);
  return add(groupNorm(x, gamma, w(`${part}.beta`), c, 1e-5), reshape(shifts, [b, c, 1, 1]));
}

/** The maximum over the 5×5 pixels around each pixel. */
export const maxPool5 = (x: Tensor): Tensor => widest(widest(x, 2), 3);

function widest(x: Tensor, axis: number): Tensor {
  const side = x.shape[axis]!;
  const origin = x.shape.map(() => 0);
  const edge = slice(x, origin, x.shape.with(axis, 1));
  const below = sub(mul(edge, 0), 3e38);
  const padded = concat([below, below, x, below, below], axis);
  const shifted = [0, 1, 2, 3, 4].map(i => slice(padded, origin.with(axis, i), x.shape.with(axis, side)));
  return shifted.reduce((a, b) => maximum(a, b));
}

/** Bilinear interpolation to `size`, with aligned corners. */
export function stretch(x: Tensor, size: readonly [number, number]): Tensor {
  const [b, c, h, w] = x.shape as [number, number, number, number];
  if (h === size[0] && w === size[1]) return x;
  const along = (y: Tensor, from: number, to: number) => matmul(y, fromHost(weightsOf(from, to), [from, to]));
  const wide = reshape(along(reshape(x, [b * c * h, w]), w, size[1]), [b * c, h, size[1]]);
  const columns = reshape(transpose(wide, [0, 2, 1]), [b * c * size[1], h]);
  const tall = reshape(along(columns, h, size[0]), [b * c, size[1], size[0]]);
  return reshape(transpose(tall, [0, 2, 1]), [b, c, ...size]);
}

/** Interpolation weights of `from` positions for each of `to`: [from, to]. */
function weightsOf(from: number, to: number): Float32Array {
  const shares = new Float32Array(from * to);
  for (let j = 0; j < to; j++) {
    const place = to === 1 ? 0 : (j * (from - 1)) / (to - 1);
    const left = Math.min(Math.floor(place), from - 1);
    const right = Math.min(left + 1, from - 1);
    shares[left * to + j]! += 1 - (place - left);
    shares[right * to + j]! += place - left;
  }
  return shares;
}
