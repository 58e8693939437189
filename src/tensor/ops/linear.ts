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

/** mask ? a : b, for a mask of zeros and ones that broadcasts. Differentiable in a and b; where one is not taken its NaN does not spread. */
export const select = (mask: Tensor, a: Tensor, b: Tensor): Tensor =>
  apply('select', [mask, a, b], [], () => {
    const choose = tf.customGrad(((p: tf.Tensor, q: tf.Tensor, save: (kept: tf.Tensor[]) => void) => {
      const taken = tf.greater(tf.add(inner(mask), tf.zeros(a.shape)), 0.5);
      save([taken]);
      return {
        value: tf.where(taken, p, q),
        gradFunc: (dy: tf.Tensor, [kept]: tf.Tensor[]) => [
          tf.where(kept!, dy, tf.zerosLike(dy)),
          tf.where(kept!, tf.zerosLike(dy), dy),
        ],
      };
    }) as never);
    return outer(choose(inner(a), inner(b)));
  });
