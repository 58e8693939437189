import { usage } from '../../errors.ts';
import { CONV, CONV_BIAS, CONV_INPUT, type Window } from '../kernels/convolution.ts';
import { runKernel } from '../kernels/define.ts';
import { apply } from '../mode.ts';
import { inner, outer } from '../operands.ts';
import type { Tensor } from '../types.ts';

/** Where the taps of a convolution fall. */
export interface ConvOptions {
  /** Default 1. */
  readonly stride?: number;
  /** Distance of the taps; default 1. */
  readonly dilation?: number;
  /** Zeros around the image: on all sides, or top, left, bottom, right; default 0. */
  readonly padding?: number | readonly [number, number, number, number];
}

type Sides = readonly [number, number];
const sidesOf = (x: Tensor): Sides => [x.shape.at(-2)!, x.shape.at(-1)!];
const allSides = (padding: ConvOptions['padding'] = 0): Window['padding'] =>
  typeof padding === 'number' ? [padding, padding, padding, padding] : padding;

function windowOf(image: Sides, w: Tensor, options: ConvOptions): Window {
  const { stride = 1, dilation = 1 } = options;
  return { stride, dilation, padding: allSides(options.padding), image, filter: sidesOf(w) };
}

const told = (window: Window) => Object.values(window).map(String);

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
  if (!bias) return apply('conv2d', [x, w], told(window), () => outer(runKernel(CONV, inputs, window)));
  return apply('conv2d', [x, w, bias], told(window), () =>
    outer(runKernel(CONV_BIAS, { ...inputs, bias: inner(bias) }, window)),
  );
}

/**
 * The transpose of `conv2d` with the same filter and options: from the places of its result, [B, O, H', W'], to an image
 * of `size`, [B, I, H, W].
 */
export function convTranspose2d(y: Tensor, w: Tensor, size: Sides, options: ConvOptions = {}): Tensor {
  const window = windowOf(size, w, options);
  return apply('convTranspose2d', [y, w], told(window), () =>
    outer(runKernel(CONV_INPUT, { dy: inner(y), w: inner(w) }, window)),
  );
}
