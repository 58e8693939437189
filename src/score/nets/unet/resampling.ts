import {
  add,
  concat,
  conv2d,
  convTranspose2d,
  fir2d,
  firTranspose2d,
  meanPool2,
  reshape,
  slice,
  type Tensor,
  transpose,
  upsample2,
} from '../../../tensor/index.ts';
import type { UnetConfig } from './config.ts';
import { type Block, prefixed } from './layer.ts';
import { conv, convWeights, doubledConv } from './operations.ts';

const half = Math.floor;
const normalised = (taps: readonly number[], gain: number) => {
  const sum = taps.reduce((a, b) => a + b, 0);
  return taps.map(tap => (tap * gain) / sum);
};

/** Halves the sides: the mean of 2×2 pixels, or every second pixel of the filtered image. */
export function halve(x: Tensor, taps?: readonly number[]): Tensor {
  if (!taps) return meanPool2(x);
  const beyond = taps.length - 2;
  return fir2d(x, normalised(taps, 1).toReversed(), 2, [half((beyond + 1) / 2), half(beyond / 2)]);
}

/** Doubles the sides: each pixel four times, or the filter over pixels placed two apart. */
export function double(x: Tensor, taps?: readonly number[]): Tensor {
  if (!taps) return upsample2(x);
  const before = taps.length - 2 - half((taps.length - 1) / 2);
  const size = [2 * x.shape[2]!, 2 * x.shape[3]!] as const;
  return firTranspose2d(x, normalised(taps, 2), 2, [before, taps.length - 2 - before], size);
}

/**
 * The filter, then a convolution at every second pixel: one padding serves both (Karras et al. 2020,
 * StyleGAN2).
 */
function filteredDown(x: Tensor, weight: Tensor, taps: readonly number[]): Tensor {
  const beyond = taps.length - 2 + (weight.shape[2]! - 1);
  const smooth = fir2d(x, normalised(taps, 1).toReversed(), 1, [half((beyond + 1) / 2), half(beyond / 2)]);
  return conv2d(smooth, weight, undefined, { stride: 2 });
}

/** A convolution of pixels placed two apart, then the filter. */
function filteredUp(x: Tensor, weight: Tensor, taps: readonly number[]): Tensor {
  const reach = weight.shape[2]!;
  const size = [2 * (x.shape[2]! - 1) + reach, 2 * (x.shape[3]! - 1) + reach] as const;
  const wide = convTranspose2d(x, mirrored(weight), size, { stride: 2 });
  const beyond = taps.length - 2 - (reach - 1);
  return fir2d(wide, normalised(taps, 2).toReversed(), 1, [half((beyond + 1) / 2) + 1, half(beyond / 2) + 1]);
}

/** [O, I, k, k] → [I, O, k, k], with the filter rotated by 180°. */
function mirrored(weight: Tensor): Tensor {
  const reversed = (x: Tensor, axis: number) => {
    const size = x.shape.with(axis, 1);
    const at = (i: number) => x.shape.map((_, j) => (j === axis ? i : 0));
    const count = x.shape[axis]!;
    return concat(
      Array.from({ length: count }, (_, i) => slice(x, at(count - 1 - i), size)),
      axis,
    );
  };
  return transpose(reversed(reversed(weight, 2), 3), [1, 0, 2, 3]);
}

/** A change of resolution between blocks, with or without a convolution of its own to `to` channels. */
export const resample =
  ({ fir }: UnetConfig, direction: 'down' | 'up', withConv: boolean, to?: number): Block =>
  ({ channels, side }) => {
    const out = {
      channels: withConv ? (to ?? channels) : channels,
      side: direction === 'up' ? side * 2 : side / 2,
    };
    const resample = direction === 'up' ? double : halve;
    if (!withConv) return { weights: {}, out, apply: (_w, [x]) => resample(x!, fir) };
    const part = fir ? 'Conv2d_0' : 'Conv_0';
    return {
      weights: prefixed(part, convWeights(channels, out.channels)),
      out,
      apply: (w, [x]) => {
        if (!fir) {
          if (direction === 'up') return doubledConv(w, 'Conv_0.', x!);
          return conv(w, 'Conv_0.', x!, { stride: 2, padding: [0, 0, 1, 1] });
        }
        const filtered = direction === 'up' ? filteredUp : filteredDown;
        return add(
          filtered(x!, w('Conv2d_0.weight'), fir),
          reshape(w('Conv2d_0.bias'), [1, out.channels, 1, 1]),
        );
      },
    };
  };
