import { tf } from '../tf.ts';
import { type Attributes, defineKernel, type Named, runKernel } from './define.ts';

/** How a window moves over an image. `padding`: top, left, bottom, right. */
export interface Window {
  readonly stride: number;
  readonly dilation: number;
  readonly padding: readonly [number, number, number, number];
  /** Height and width of the image, and of the filter. */
  readonly image: readonly [number, number];
  readonly filter: readonly [number, number];
}

export const CONV = 'LangevinConv2d';
export const CONV_BIAS = 'LangevinConv2dBias';
export const CONV_INPUT = 'LangevinConv2dInputGrad';
export const CONV_FILTER = 'LangevinConv2dFilterGrad';

const windowOf = (attributes: Attributes) => attributes as unknown as Window;
const toNhwc = (x: tf.Tensor) => tf.transpose(x, [0, 2, 3, 1]) as tf.Tensor4D;
const toNchw = (x: tf.Tensor) => tf.transpose(x, [0, 3, 1, 2]);

function padded(x: tf.Tensor, [top, left, bottom, right]: Window['padding']): tf.Tensor {
  const none = [0, 0] as [number, number];
  return top + left + bottom + right === 0 ? x : tf.pad(x, [none, none, [top, bottom], [left, right]]);
}

/**
 * A filter with its taps moved apart, so that the kernels underneath need not support dilation: [O, I, kh,
 * kw].
 */
function spread(w: tf.Tensor, step: number): tf.Tensor {
  if (step === 1) return w;
  const [o, i, h, v] = w.shape as [number, number, number, number];
  const gap = (x: tf.Tensor, axis: number) => {
    const room = [...x.shape.slice(0, axis + 1), step - 1, ...x.shape.slice(axis + 1)];
    const open = tf.concat([tf.expandDims(x, axis + 1), tf.zeros(room)], axis + 1);
    return tf.reshape(open, x.shape.toSpliced(axis, 1, x.shape[axis]! * step));
  };
  const rows = gap(tf.reshape(w, [o * i, h, v]), 1);
  const tiles = gap(tf.reshape(rows, [o * i * h * step, v]), 1);
  const full = tf.reshape(tiles, [o, i, h * step, v * step]);
  return tf.slice(full, [0, 0, 0, 0], [o, i, (h - 1) * step + 1, (v - 1) * step + 1]);
}

function forward({ x, w }: Named, attributes: Attributes): tf.Tensor {
  const { stride, dilation, padding } = windowOf(attributes);
  const filter = tf.transpose(spread(w!, dilation), [2, 3, 1, 0]) as tf.Tensor4D;
  return toNchw(tf.conv2d(toNhwc(padded(x!, padding)), filter, stride, 'valid'));
}

function inputGrad({ dy, w }: Named, attributes: Attributes): tf.Tensor {
  const { stride, dilation, padding, image } = windowOf(attributes);
  const [top, left, bottom, right] = padding;
  const filter = tf.transpose(spread(w!, dilation), [2, 3, 1, 0]) as tf.Tensor4D;
  const [b, i] = [dy!.shape[0]!, w!.shape[1]!];
  const whole = [b, image[0] + top + bottom, image[1] + left + right, i] as [number, number, number, number];
  const wide = tf.conv2dTranspose(toNhwc(dy!), filter, whole, stride, 'valid');
  return toNchw(tf.slice(wide, [0, top, left, 0], [b, ...image, i]));
}

/**
 * Σ over samples and positions of x·dy: itself a convolution, of the images by the cotangents, with channels
 * as samples.
 */
function filterGrad({ x, dy }: Named, attributes: Attributes): tf.Tensor {
  const { stride, dilation, padding, filter } = windowOf(attributes);
  const images = tf.transpose(padded(x!, padding), [1, 2, 3, 0]) as tf.Tensor4D;
  const kernel = tf.transpose(spread(dy!, stride), [2, 3, 0, 1]) as tf.Tensor4D;
  const sums = tf.conv2d(images, kernel, dilation, 'valid');
  const [i, o] = [x!.shape[1]!, dy!.shape[1]!];
  return tf.transpose(tf.slice(sums, [0, 0, 0, 0], [i, ...filter, o]), [3, 0, 1, 2]);
}

// The three are one bilinear form, so each is a derivative of the others, to any order.
defineKernel({
  name: CONV,
  compute: forward,
  saves: { inputs: ['x', 'w'] },
  gradient: ([dy], [x, w], window) => ({
    x: () => runKernel(CONV_INPUT, { dy: dy!, w: w! }, window),
    w: () => runKernel(CONV_FILTER, { x: x!, dy: dy! }, window),
  }),
});
defineKernel({
  name: CONV_BIAS,
  compute: ({ x, w, bias }, window) =>
    tf.add(forward({ x: x!, w: w! }, window), tf.reshape(bias!, [1, bias!.size, 1, 1])),
  saves: { inputs: ['x', 'w'] },
  gradient: ([dy], [x, w], window) => ({
    x: () => runKernel(CONV_INPUT, { dy: dy!, w: w! }, window),
    w: () => runKernel(CONV_FILTER, { x: x!, dy: dy! }, window),
    bias: () => tf.sum(dy!, [0, 2, 3]),
  }),
});
defineKernel({
  name: CONV_INPUT,
  compute: inputGrad,
  saves: { inputs: ['dy', 'w'] },
  gradient: ([g], [dy, w], window) => ({
    dy: () => runKernel(CONV, { x: g!, w: w! }, window),
    w: () => runKernel(CONV_FILTER, { x: g!, dy: dy! }, window),
  }),
});
defineKernel({
  name: CONV_FILTER,
  compute: filterGrad,
  saves: { inputs: ['x', 'dy'] },
  gradient: ([g], [x, dy], window) => ({
    x: () => runKernel(CONV_INPUT, { dy: dy!, w: g! }, window),
    dy: () => runKernel(CONV, { x: x!, w: g! }, window),
  }),
});
