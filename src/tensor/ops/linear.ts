import { usage } from '../../errors.ts';
import { broadcast, spread } from '../broadcast.ts';
import { apply } from '../mode.ts';
import { inner, outer } from '../operands.ts';
import { tf } from '../tf.ts';
import type { Shape, Tensor } from '../types.ts';

/**
 * a · b for matrices [M, K], [K, N] or stacks of them, [...S, M, K], whose leading axes broadcast;
 * `transposeA`, `transposeB` as in BLAS.
 */
export const matmul = (a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor =>
  apply('matmul', [a, b], [transposeA, transposeB], () =>
    outer(product('matmul', inner(a), inner(b), transposeA, transposeB)),
  );

/** x · weight + bias: [...S, K], [K, N], [N] → [...S, N] */
export const affine = (x: Tensor, weight: Tensor, bias: Tensor): Tensor =>
  apply('affine', [x, weight, bias], [], () => {
    const y = product('affine', inner(x), inner(weight));
    broadcast('affine', y.shape, bias.shape);
    return outer(tf.add(y, inner(bias)));
  });

/** tfjs lacks the gradient of stacks that broadcast and, if both broadcast, also their product. */
function product(
  name: string,
  a: tf.Tensor,
  b: tf.Tensor,
  transposeA = false,
  transposeB = false,
): tf.Tensor {
  const stack = stackOf(name, a.shape, b.shape, transposeA, transposeB);
  const rows = !transposeA && b.shape.length === 2 && a.shape.length > 2;
  if (rows) {
    const flat = tf.matMul(tf.reshape(a, [-1, a.shape.at(-1)!]), b, false, transposeB);
    return tf.reshape(flat, [...a.shape.slice(0, -1), flat.shape[1]!]);
  }
  const whole = (x: tf.Tensor) => spread(x, [...stack, ...x.shape.slice(-2)]);
  return tf.matMul(whole(a), whole(b), transposeA, transposeB);
}

function stackOf(name: string, a: Shape, b: Shape, transposeA: boolean, transposeB: boolean): Shape {
  if (a.length < 2 || b.length < 2 || a.at(transposeA ? -2 : -1) !== b.at(transposeB ? -1 : -2)) {
    throw usage(`${name}: the left matrix must have as many columns as the right one has rows`, {
      got: `[${a}]${transposeA ? ' transposed' : ''} and [${b}]${transposeB ? ' transposed' : ''}`,
      expected: '[...S, M, K] and [...S, K, N]',
    });
  }
  return broadcast(name, a.slice(0, -2), b.slice(0, -2));
}

/**
 * mask ? a : b, for a mask of zeros and ones; all three broadcast. Differentiable in a and b. A NaN in the
 * operand that is not selected does not spread.
 */
export const select = (mask: Tensor, a: Tensor, b: Tensor): Tensor =>
  apply('select', [mask, a, b], [], () => {
    const shape = broadcast('select', mask.shape, a.shape, b.shape);
    const choose = tf.customGrad(((p: tf.Tensor, q: tf.Tensor, save: (kept: tf.Tensor[]) => void) => {
      const selection = tf.greater(tf.add(inner(mask), tf.zeros([...shape])), 0.5);
      save([selection]);
      return {
        value: tf.where(selection, p, q),
        gradFunc: (dy: tf.Tensor, [kept]: tf.Tensor[]) => [
          tf.where(kept!, dy, tf.zerosLike(dy)),
          tf.where(kept!, tf.zerosLike(dy), dy),
        ],
      };
    }) as never);
    return outer(choose(spread(inner(a), shape), spread(inner(b), shape)));
  });
