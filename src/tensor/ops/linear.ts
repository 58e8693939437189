import { apply } from '../mode.ts';
import { inner, outer } from '../operands.ts';
import { tf } from '../tf.ts';
import type { Tensor } from '../types.ts';

/** a · b for matrices [M, K], [K, N] or stacks of them; `transposeA`, `transposeB` as in BLAS. */
export const matmul = (a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor =>
  apply('matmul', [a, b], [transposeA, transposeB], () =>
    outer(tf.matMul(inner(a), inner(b), transposeA, transposeB)),
  );

/** x · weight + bias: [B, K], [K, N], [N] → [B, N] */
export const affine = (x: Tensor, weight: Tensor, bias: Tensor): Tensor =>
  apply('affine', [x, weight, bias], [], () =>
    outer(tf.add(tf.matMul(inner(x) as tf.Tensor2D, inner(weight) as tf.Tensor2D), inner(bias))),
  );

/** mask ? a : b, for a mask of zeros and ones that broadcasts: mask·a + (1 − mask)·b without spreading NaN. */
export const select = (mask: Tensor, a: Tensor, b: Tensor): Tensor =>
  apply('select', [mask, a, b], [], () => {
    const condition = tf.broadcastTo(tf.greater(inner(mask), 0.5), a.shape);
    return outer(tf.where(condition, inner(a), inner(b)));
  });
