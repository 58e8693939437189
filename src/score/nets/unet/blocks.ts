import { add, concat, matmul, mean, reshape, softmax, type Tensor } from '../../../tensor/index.ts';
import type { UnetConfig } from './config.ts';
import { type Block, prefixed } from './layer.ts';
import {
  activate,
  branch,
  conv,
  convWeights,
  dense,
  type Get,
  norm,
  normWeights,
  pixelDense,
  pixelDenseWeights,
  rescaled,
  times,
} from './operations.ts';

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

/** The mean over the pixels, mapped to numbers of a whole image: [B, C, H, W] → [B, outputs]. */
export const pooled =
  ({ initScale }: UnetConfig, outputs: number): Block =>
  ({ channels }) => ({
    weights: {
      weight: { shape: [outputs, channels], begin: { glorot: initScale } },
      bias: { shape: [outputs], begin: { value: 0 } },
    },
    out: { channels: outputs, side: 1 },
    apply: (w, [x]) => dense(w, '', mean(x!, [2, 3])),
  });

/** Self-attention among pixels, softmax(qᵀk/√C), as a residual branch. */
export const attention =
  (config: UnetConfig): Block =>
  form => {
    const { channels } = form;
    const maps = ['NIN_0', 'NIN_1', 'NIN_2'];
    return {
      weights: {
        ...prefixed('GroupNorm_0', normWeights(channels)),
        ...Object.assign({}, ...maps.map(part => prefixed(part, pixelDenseWeights(channels, channels)))),
        ...prefixed('NIN_3', pixelDenseWeights(channels, channels, config.initScale)),
      },
      out: form,
      apply: (w, [x]) => {
        const [b, c, height, width] = x!.shape as [number, number, number, number];
        const h = norm(config, w, 'GroupNorm_0.', x!);
        const map = (part: string, weights: Get) =>
          reshape(pixelDense(weights, part, h), [b, c, height * width]);
        const [q, k, v] = [map('NIN_0.', times(w, c ** -0.5)), map('NIN_1.', w), map('NIN_2.', w)];
        const attention = reshape(matmul(v, softmax(matmul(q, k, true, false)), false, true), x!.shape);
        return add(rescaled(config, x!), pixelDense(branch(config, w), 'NIN_3.', attention));
      },
    };
  };

/** Maps the small copy of the input to the channels of the features, and joins it to them. */
export const combine =
  ({ combine: how }: UnetConfig): Block =>
  (small, features) => ({
    weights: prefixed('Conv_0', convWeights(small!.channels, features!.channels, 1)),
    out: { ...features!, channels: features!.channels * (how === 'cat' ? 2 : 1) },
    apply: (w, [x, h]) => {
      const mapped = conv(w, 'Conv_0.', x!, {});
      return how === 'cat' ? concat([mapped, h!], 1) : add(mapped, h!);
    },
  });

/** A step without weights that is not in the published list of modules. */
export const step =
  (apply: (...inputs: Tensor[]) => Tensor, channels = (...counts: number[]) => counts[0]!): Block =>
  (...forms) => ({
    counted: false,
    weights: {},
    out: { ...forms[0]!, channels: channels(...forms.map(form => form.channels)) },
    apply: (_w, inputs) => apply(...inputs),
  });
export const concatenated: Block = step(
  (...parts) => concat(parts, 1),
  (...counts) => counts.reduce((a, b) => a + b),
);
