import { apply, currentMode } from '../mode.ts';
import { inner, outer } from '../operands.ts';
import { tf } from '../tf.ts';
import type { Shape, Tensor } from '../types.ts';

/** The same values in row-major order under another shape of the same size. */
export const reshape = (x: Tensor, shape: Shape): Tensor =>
  apply('reshape', [x], [shape.join()], () => outer(tf.reshape(inner(x), [...shape])));

/** Axes in another order: axis i of the result is axis `order[i]` of `x`. */
export const transpose = (x: Tensor, order: readonly number[]): Tensor =>
  apply('transpose', [x], [order.join()], () => outer(tf.transpose(inner(x), [...order])));

/** Tensors joined along `axis`; their other axes agree. */
export const concat = (parts: readonly Tensor[], axis: number): Tensor =>
  apply('concat', parts, [axis], () => outer(tf.concat(parts.map(inner), axis)));

/** The block of `x` that begins at `begin` and has `size` elements along each axis. */
export const slice = (x: Tensor, begin: readonly number[], size: readonly number[]): Tensor =>
  apply('slice', [x], [begin.join(), size.join()], () => outer(tf.slice(inner(x), [...begin], [...size])));

/** Cuts `x` along `axis` into pieces of the given lengths. */
export const split = (x: Tensor, sizes: readonly number[], axis = 0): Tensor[] =>
  currentMode().apply('split', [x], [sizes.join(), axis], () =>
    tf.split(inner(x), [...sizes], axis).map(outer),
  );

/** Repeats `x` along its leading axis: sample i is at i, i + B, i + 2B, … */
export const tile = (x: Tensor, repeats: number): Tensor =>
  apply('tile', [x], [repeats], () => outer(tf.tile(inner(x), [repeats, ...x.shape.slice(1).map(() => 1)])));

/** Host values inside a program: they may differ from call to call, as noise does. */
export const fromHost = (data: Float32Array | Float64Array, shape: Shape): Tensor =>
  currentMode().leaf(data, shape);
