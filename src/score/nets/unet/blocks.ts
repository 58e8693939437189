import { add, concat, matmul, mul, reshape, softmax, type Tensor } from '../../../tensor/index.ts';
import type { UnetConfig } from './config.ts';
import { type Block, type Context, named, type Weights } from './layer.ts';
import {
  activate,
  conv,
  convWeights,
  dense,
  denseWeights,
  merge,
  norm,
  normWeights,
  pixelDense,
  pixelDenseWeights,
} from './parts.ts';
import { double, halve } from './resampling.ts';

type Get = (name: string) => Tensor;

export const convolution =
  (to: number, scale = 1): Block =>
  ({ channels, side }) => ({
    weights: convWeights(channels, to, 3, scale),
    out: { channels: to, side },
    apply: (w, [x]) => conv(w, '', x!),
  });

/** A normalisation and its activation. */
export const normalised =
  (config: UnetConfig): Block =>
  form => ({
    weights: normWeights(form.channels),
    out: form,
    apply: (w, [x]) => activate(config.activation, norm(config, w, '', x!)),
  });

interface Change {
  readonly to?: number;
  readonly resample?: 'up' | 'down';
}

/** h = Conv(act(norm(x))) + Dense(told); y = x' + Conv(act(norm(h))): the residual block, resampling both branches alike. */
export const residual =
  (config: UnetConfig, { to: wanted, resample }: Change = {}): Block =>
  ({ channels, side }) => {
    const to = wanted ?? channels;
    const shortcut = shortcutOf(config, channels, to, resample !== undefined);
    const move = (x: Tensor) =>
      resample === 'up' ? double(x, config.fir) : resample === 'down' ? halve(x, config.fir) : x;
    const factor = resample === 'up' ? 2 : resample === 'down' ? 0.5 : 1;
    return {
      weights: {
        ...named('GroupNorm_0', normWeights(channels)),
        ...named('Conv_0', convWeights(channels, to)),
        ...(config.conditional ? named('Dense_0', denseWeights(4 * config.width, to)) : {}),
        ...named('GroupNorm_1', normWeights(to)),
        ...named('Conv_1', convWeights(to, to, 3, config.initScale)),
        ...shortcut.weights,
      },
      out: { channels: to, side: side * factor },
      apply: (w, [x], context) => {
        const first = move(activate(config.activation, norm(config, w, 'GroupNorm_0.', x!)));
        const h = tell(w, conv(w, 'Conv_0.', first), context);
        const second = activate(config.activation, norm(config, w, 'GroupNorm_1.', h));
        const kept = context.drop ? context.drop(second) : second;
        return merge(config, shortcut.apply(w, move(x!)), conv(w, 'Conv_1.', kept));
      },
    };
  };

function tell(w: Get, h: Tensor, { told }: Context): Tensor {
  if (!told) return h;
  const shift = dense(w, 'Dense_0.', told);
  return add(h, reshape(shift, [...shift.shape, 1, 1]));
}

interface Shortcut {
  readonly weights: Weights;
  apply(w: Get, x: Tensor): Tensor;
}

function shortcutOf({ residual: kind }: UnetConfig, from: number, to: number, resampled: boolean): Shortcut {
  if (from === to && !resampled) return { weights: {}, apply: (_w, x) => x };
  if (kind === 'ddpm') {
    return {
      weights: named('NIN_0', pixelDenseWeights(from, to)),
      apply: (w, x) => pixelDense(w, 'NIN_0.', x),
    };
  }
  return {
    weights: named('Conv_2', convWeights(from, to, 1)),
    apply: (w, x) => conv(w, 'Conv_2.', x, {}),
  };
}

/** Self-attention among pixels, softmax(qᵀk/√C), as a residual branch. */
export const attention =
  (config: UnetConfig): Block =>
  form => {
    const { channels } = form;
    const maps = ['NIN_0', 'NIN_1', 'NIN_2'];
    return {
      weights: {
        ...named('GroupNorm_0', normWeights(channels)),
        ...Object.assign({}, ...maps.map(part => named(part, pixelDenseWeights(channels, channels)))),
        ...named('NIN_3', pixelDenseWeights(channels, channels, config.initScale)),
      },
      out: form,
      apply: (w, [x]) => {
        const [b, c, height, width] = x!.shape as [number, number, number, number];
        const h = norm(config, w, 'GroupNorm_0.', x!);
        const [q, k, v] = maps.map(part => reshape(pixelDense(w, `${part}.`, h), [b, c, height * width]));
        const shares = softmax(mul(matmul(q!, k!, true, false), c ** -0.5));
        const seen = reshape(matmul(v!, shares, false, true), x!.shape);
        return merge(config, x!, pixelDense(w, 'NIN_3.', seen));
      },
    };
  };

/** The small copy of the input, mapped to the channels of the features, joins them. */
export const combine =
  ({ combine: how }: UnetConfig): Block =>
  (small, features) => ({
    weights: named('Conv_0', convWeights(small!.channels, features!.channels, 1)),
    out: { ...features!, channels: features!.channels * (how === 'cat' ? 2 : 1) },
    apply: (w, [x, h]) => {
      const mapped = conv(w, 'Conv_0.', x!, {});
      return how === 'cat' ? concat([mapped, h!], 1) : add(mapped, h!);
    },
  });

/** A step without weights that the published list of modules does not count. */
export const step =
  (apply: (...inputs: Tensor[]) => Tensor, channels = (...counts: number[]) => counts[0]!): Block =>
  (...forms) => ({
    counted: false,
    weights: {},
    out: { ...forms[0]!, channels: channels(...forms.map(form => form.channels)) },
    apply: (_w, inputs) => apply(...inputs),
  });
export const joined: Block = step(
  (...parts) => concat(parts, 1),
  (...counts) => counts.reduce((a, b) => a + b),
);
