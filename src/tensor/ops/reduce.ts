import { apply } from '../mode.ts';
import { inner, outer } from '../operands.ts';
import { tf } from '../tf.ts';
import { sizeOf, type Tensor } from '../types.ts';
import { smoothSoftmax, smoothSqrt } from './smooth.ts';

type Reduction = (x: tf.Tensor, axes?: number[], keep?: boolean) => tf.Tensor;

const reduction =
  (name: string, kernel: Reduction) =>
  (x: Tensor, axes?: readonly number[], keep = false): Tensor =>
    apply(name, [x], [axes ? axes.join() : 'all', keep], () =>
      outer(kernel(inner(x), axes && [...axes], keep)),
    );

/** Sum over `axes` (all by default); `keep` leaves them with length 1. */
export const sum = reduction('sum', tf.sum);
/** Mean over `axes` (all by default); `keep` leaves them with length 1. */
export const mean = reduction('mean', tf.mean);
/** Maximum over `axes` (all by default); `keep` leaves them with length 1. */
export const max = reduction('max', tf.max);

const trailing = (x: Tensor): number[] => x.shape.slice(1).map((_, i) => i + 1);

/** Sum over all axes but the first: [B, ...D] → [B]. */
export const sumPerSample = (x: Tensor): Tensor => sum(x, trailing(x));
/** Mean over all axes but the first: [B, ...D] → [B]. */
export const meanPerSample = (x: Tensor): Tensor => mean(x, trailing(x));
/**
 * Size of a sample up to which a product with ones is faster than a broadcast. The product gives the sum at
 * every position.
 */
const NARROW = 16;

/** Σ over each sample, in a shape that broadcasts against x: [B, ...D] → [B, ...D] or [B, 1, ..., 1]. */
function sumWithin(x: Tensor): Tensor {
  const size = sizeOf(x.shape.slice(1));
  if (size > NARROW) return sum(x, trailing(x), true);
  return apply('sumWithin', [x], [], () => {
    const rows = tf.reshape(inner(x), [x.shape[0]!, size]);
    return outer(tf.reshape(tf.matMul(rows as tf.Tensor2D, tf.ones([size, size])), x.shape));
  });
}

/** ‖x‖₂ of each sample, in a shape that broadcasts against x: [B, ...D] → [B, ...D] or [B, 1, ..., 1]. */
export const normPerSample = (x: Tensor): Tensor => {
  const total = sumWithin(apply('square', [x], [], () => outer(tf.square(inner(x)))));
  return apply('sqrt', [total], [], () => outer(smoothSqrt(inner(total))));
};
/** e^x / Σ e^x along the last axis. */
export const softmax = (x: Tensor): Tensor => apply('softmax', [x], [], () => outer(smoothSoftmax(inner(x))));
