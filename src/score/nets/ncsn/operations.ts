import {
  abs,
  add,
  concat,
  div,
  fromHost,
  groupNorm,
  matmul,
  maximum,
  mean,
  meanPool2,
  minimum,
  mul,
  type Params,
  reshape,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from '../../../tensor/index.ts';
import { conv, convWeights, stretch } from '../ncsnv2/operations.ts';
import type { Form, Weights } from '../unet/layer.ts';
import { activate } from '../unet/operations.ts';
import type { Operations } from './network.ts';

/**
 * The share of each of L levels at condition c: 1 at the level itself, linear in c between two levels, and
 * that of the outermost level beyond. c: [B], knots from `first` in steps of `step` → [B, L]
 */
export function levelShares(c: Tensor, count: number, first: number, step: number): Tensor {
  const place = minimum(maximum(mul(sub(c, first), 1 / step), 0), count - 1);
  const knots = fromHost(
    Float32Array.from({ length: count }, (_, k) => k),
    [1, count],
  );
  return maximum(sub(1, abs(sub(reshape(place, [c.shape[0]!, 1]), knots))), 0);
}

/**
 * NCSN on tensors. Conditional InstanceNorm++ (Song & Ermon 2019, appendix A) has a row of α, β and γ for
 * each level: γ·((x − μ)/σ + α·(μ − m)/v) + β, μ and σ of each channel, m and v those of the μ of one sample
 * (with its variance over C − 1). shares: [B, L] or [1, L]
 */
export function onTensors(params: Params, shares: Tensor): Operations<Tensor> {
  const weight = (name: string) => params[name]!;
  return {
    channels: h => h.shape[1]!,
    conv: (name, h, _to, { bias = true, dilation = 1 } = {}) => conv(weight, name, h, { bias, dilation }),
    norm(name, x) {
      const [b, c] = x.shape as [number, number];
      const row = (part: string) => {
        const values = matmul(shares, weight(`${name}.${part}`));
        return reshape(values, [values.shape[0]!, c, 1, 1]);
      };
      const [one, zero] = [1, 0].map(value => fromHost(new Float32Array(c).fill(value), [c]));
      const means = mean(x, [2, 3]);
      const centred = sub(means, mean(means, [1], true));
      const variance = div(sum(square(centred), [1], true), c - 1);
      const shifts = reshape(div(centred, sqrt(add(variance, 1e-5))), [b, c, 1, 1]);
      const normed = add(groupNorm(x, one!, zero!, c, 1e-5), mul(shifts, row('alpha')));
      return add(mul(normed, row('gamma')), row('beta'));
    },
    act: h => activate('elu', h),
    add,
    halve: meanPool2,
    pool: h => mul(around(around(h, 2), 3), 1 / 25),
    stretch: (h, like) => stretch(h, like.shape.slice(2) as [number, number]),
  };
}

/** The sum of five neighbours along an axis, 0 beyond the edge. */
function around(x: Tensor, axis: number): Tensor {
  const side = x.shape[axis]!;
  const origin = x.shape.map(() => 0);
  const beyond = mul(slice(x, origin, x.shape.with(axis, 1)), 0);
  const padded = concat([beyond, beyond, x, beyond, beyond], axis);
  const shifted = [0, 1, 2, 3, 4].map(i => slice(padded, origin.with(axis, i), x.shape.with(axis, side)));
  return shifted.reduce((a, b) => add(a, b));
}

/** NCSN on shapes: collects its weights, those of the normalisation for `levels` levels. */
export function onForms(levels: number, into: Record<string, Weights[string]>): Operations<Form> {
  const collect = (name: string, weights: Weights) => {
    for (const [part, weight] of Object.entries(weights)) into[`${name}.${part}`] = weight;
  };
  return {
    channels: h => h.channels,
    conv(name, { channels, side }, to, { size = 3, bias = true } = {}) {
      collect(name, convWeights(channels, to, size, bias));
      return { channels: to, side };
    },
    norm(name, h) {
      const shape = [levels, h.channels];
      const drawn = { shape, begin: { normal: 0.02, around: 1 } };
      collect(name, { alpha: drawn, gamma: drawn, beta: { shape, begin: { value: 0 } } });
      return h;
    },
    act: h => h,
    add: a => a,
    halve: ({ channels, side }) => ({ channels, side: side / 2 }),
    pool: h => h,
    stretch: ({ channels }, { side }) => ({ channels, side }),
  };
}
