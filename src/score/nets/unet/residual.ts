import { add, reshape, type Tensor, upsample2 } from '../../../tensor/index.ts';
import type { UnetConfig } from './config.ts';
import { type Block, type Context, prefixed, type Weights } from './layer.ts';
import {
  activate,
  branch,
  conv,
  convWeights,
  dense,
  denseWeights,
  doubledConv,
  type Get,
  norm,
  normWeights,
  pixelDense,
  pixelDenseWeights,
  rescaled,
} from './operations.ts';
import { double, halve } from './resampling.ts';

interface Change {
  readonly to?: number;
  readonly resample?: 'up' | 'down';
}

/**
 * The residual block: h = Conv(act(norm(x))) + Dense(embedding); y = x' + Conv(act(norm(h))). Both branches
 * are resampled in the same way. x' = x, or a 1×1 convolution of it if the channels or the sides change.
 */
export const residual =
  (config: UnetConfig, change: Change = {}): Block =>
  ({ channels, side }) => {
    const to = change.to ?? channels;
    const shortcut = shortcutOf(config, channels, to, change.resample);
    const factor = { up: 2, down: 0.5, none: 1 }[change.resample ?? 'none'];
    return {
      weights: {
        ...prefixed('GroupNorm_0', normWeights(channels)),
        ...prefixed('Conv_0', convWeights(channels, to)),
        // Listed even for networks without a noise input, as in the published ones.
        ...prefixed('Dense_0', denseWeights(4 * config.width, to)),
        ...prefixed('GroupNorm_1', normWeights(to)),
        ...prefixed('Conv_1', convWeights(to, to, 3, config.initScale)),
        ...shortcut.weights,
      },
      out: { channels: to, side: side * factor },
      drops: { channels: to, side: side * factor },
      apply: (w, [x], context) => {
        const first = activate(config.activation, norm(config, w, 'GroupNorm_0.', x!));
        const h = tell(w, firstConv(config, w, first, change.resample), context);
        const second = activate(config.activation, norm(config, w, 'GroupNorm_1.', h));
        const thinned = context.drop ? context.drop(second) : second;
        return add(shortcut.apply(w, x!), conv(branch(config, w), 'Conv_1.', thinned));
      },
    };
  };

function firstConv({ fir }: UnetConfig, w: Get, h: Tensor, resample: Change['resample']): Tensor {
  if (resample === 'up') return fir ? conv(w, 'Conv_0.', double(h, fir)) : doubledConv(w, 'Conv_0.', h);
  return conv(w, 'Conv_0.', resample === 'down' ? halve(h, fir) : h);
}

function tell(w: Get, h: Tensor, { embedding }: Context): Tensor {
  if (!embedding) return h;
  const shift = dense(w, 'Dense_0.', embedding);
  return add(h, reshape(shift, [...shift.shape, 1, 1]));
}

interface Shortcut {
  readonly weights: Weights;
  apply(w: Get, x: Tensor): Tensor;
}

function shortcutOf(config: UnetConfig, from: number, to: number, resample: Change['resample']): Shortcut {
  const { residual: kind, fir } = config;
  if (from === to && !resample) return { weights: {}, apply: (_w, x) => rescaled(config, x) };
  if (kind === 'ddpm') {
    return {
      weights: prefixed('NIN_0', pixelDenseWeights(from, to)),
      apply: (w, x) => pixelDense(branch(config, w), 'NIN_0.', x),
    };
  }
  const mapped = (w: Get, x: Tensor) => conv(branch(config, w), 'Conv_2.', x, {});
  return {
    weights: prefixed('Conv_2', convWeights(from, to, 1)),
    apply: (w, x) => {
      // A 1×1 map may come before the pixels are doubled, when there are fewer of them. Near the edges of a
      // filter it may not.
      if (resample === 'up') return fir ? mapped(w, double(x, fir)) : upsample2(mapped(w, x));
      return mapped(w, resample === 'down' ? halve(x, fir) : x);
    },
  };
}
