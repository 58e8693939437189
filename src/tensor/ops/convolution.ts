import { usage } from '../../errors.ts';
import { CONV, CONV_BIAS, CONV_INPUT, type Window } from '../kernels/convolution.ts';
import { runKernel } from '../kernels/define.ts';
import { apply } from '../mode.ts';
import { inner, outer } from '../operands.ts';
import type { Tensor } from '../types.ts';
import { add } from './arithmetic.ts';
import { matmul } from './linear.ts';
import { fromHost, reshape, transpose } from './shape.ts';

/** The positions of the taps of a convolution. */
export interface ConvOptions {
  /** Default 1. */
  readonly stride?: number;
  /** Distance between the taps; default 1. */
  readonly dilation?: number;
  /** Zeros around the image: on all sides, or top, left, bottom, right; default 0. */
  readonly padding?: number | readonly [number, number, number, number];
}

/** Height and width in pixels. */
export type Sides = readonly [number, number];
const sidesOf = (x: Tensor): Sides => [x.shape.at(-2)!, x.shape.at(-1)!];
const allSides = (padding: ConvOptions['padding'] = 0): Window['padding'] =>
  typeof padding === 'number' ? [padding, padding, padding, padding] : padding;

function windowOf(image: Sides, w: Tensor, options: ConvOptions): Window {
  const { stride = 1, dilation = 1 } = options;
  return { stride, dilation, padding: allSides(options.padding), image, filter: sidesOf(w) };
}

const attributes = (window: Window) => Object.values(window).map(String);

/**
 * The cross-correlation y[b, o, p] = bias[o] + Σ_{i, k} w[o, i, k]·x[b, i, stride·p + dilation·k − padding].
 * x: [B, I, H, W], w: [O, I, kh, kw], bias: [O] → [B, O, H', W']
 */
export function conv2d(x: Tensor, w: Tensor, bias?: Tensor, options: ConvOptions = {}): Tensor {
  if (x.shape.length !== 4 || w.shape.length !== 4 || x.shape[1] !== w.shape[1]) {
    throw usage('conv2d: the channels of image and filter have to agree', {
      got: `[${x.shape}] and [${w.shape}]`,
      expected: '[B, I, H, W] and [O, I, kh, kw]',
    });
  }
  const window = windowOf(sidesOf(x), w, options);
  const inputs = { x: inner(x), w: inner(w) };
  if (!bias) return apply('conv2d', [x, w], attributes(window), () => outer(runKernel(CONV, inputs, window)));
  return apply('conv2d', [x, w, bias], attributes(window), () =>
    outer(runKernel(CONV_BIAS, { ...inputs, bias: inner(bias) }, window)),
  );
}

/**
 * The transpose of `conv2d` with the same filter and options: from an image shaped like its result, [B, O,
 * H', W'], to an image of `size`, [B, I, H, W].
 */
export function convTranspose2d(y: Tensor, w: Tensor, size: Sides, options: ConvOptions = {}): Tensor {
  const window = windowOf(size, w, options);
  return apply('convTranspose2d', [y, w], attributes(window), () =>
    outer(runKernel(CONV_INPUT, { dy: inner(y), w: inner(w) }, window)),
  );
}

/**
 * Which taps of a 3-tap filter fall on each of 4 taps when pixels are two apart: rows of [w₂, w₁ + w₂, w₀ +
 * w₁, w₀].
 */
const DOUBLED = [
  [0, 0, 1],
  [0, 1, 1],
  [1, 1, 0],
  [1, 0, 0],
] as const;
/** The same along both axes: [9, 16]. */
const DOUBLED_BOTH = Float32Array.from({ length: 9 * 16 }, (_, at) => {
  const [from, to] = [Math.floor(at / 16), at % 16];
  return DOUBLED[to >> 2]![Math.floor(from / 3)]! * DOUBLED[to & 3]![from % 3]!;
});

/**
 * conv2d(upsample2(x), w, bias) for a 3×3 filter and one pixel of padding, with 4/9 of the products. Many of
 * the nine taps fall on the same small pixel, so the filter becomes one of 4×4 taps on pixels placed two
 * apart. x: [B, I, H, W], w: [O, I, 3, 3], bias: [O] → [B, O, 2H, 2W]
 */
export function upsampleConv2d(x: Tensor, w: Tensor, bias: Tensor): Tensor {
  const [o, i] = w.shape as [number, number];
  const taps = matmul(reshape(transpose(w, [1, 0, 2, 3]), [i * o, 9]), fromHost(DOUBLED_BOTH, [9, 16]));
  const size = [2 * x.shape[2]!, 2 * x.shape[3]!] as const;
  const y = convTranspose2d(x, reshape(taps, [i, o, 4, 4]), size, { stride: 2, padding: 1 });
  return add(y, reshape(bias, [1, o, 1, 1]));
}
