import { usage } from '../../errors.ts';
import { apply } from '../mode.ts';
import { inner, outer, pair } from '../operands.ts';
import { tf } from '../tf.ts';
import type { Operand, Tensor } from '../types.ts';

/** 1 where a > b, else 0, also where either is NaN; both broadcast. Its gradient is 0. */
export const greater = (a: Operand, b: Operand): Tensor => {
  const [left, right] = pair('greater', a, b);
  return apply('greater', [left, right], [], () => {
    const compare = tf.customGrad(((p: tf.Tensor, q: tf.Tensor) => ({
      value: tf.cast(tf.greater(p, q), 'float32'),
      gradFunc: () => [tf.zeros(p.shape), tf.zeros(q.shape)],
    })) as never);
    return outer(compare(inner(left), inner(right)));
  });
};

/**
 * Rows of `x` at computed places: row i of the result is row places[i] of `x`. The places are whole numbers
 * from 0 to B − 1, which are exact up to 2²⁴. x: [B, ...D], places: [N] → [N, ...D]. Differentiable in `x`.
 * @throws usage if the places have more than one axis
 */
export function takeRows(x: Tensor, places: Tensor): Tensor {
  if (places.shape.length !== 1)
    throw usage('takeRows: places have one axis', { got: `[${places.shape}]`, expected: '[N]' });
  return apply('takeRows', [x, places], [], () => {
    const take = tf.customGrad(((from: tf.Tensor, at: tf.Tensor, save: (kept: tf.Tensor[]) => void) => {
      save([at]);
      return {
        value: gathered(from, tf.cast(at, 'int32')),
        gradFunc: (dy: tf.Tensor, [kept]: tf.Tensor[]) => [returned(dy, kept!, from.shape), zerosOf(kept!)],
      };
    }) as never);
    return outer(take(inner(x), inner(places)));
  });
}

/** The kernel alone: the gradient of tfjs would bring four more into every page. */
const gathered = (x: tf.Tensor, indices: tf.Tensor): tf.Tensor =>
  tf.engine().runKernel('GatherV2', { x, indices }, { axis: 0, batchDims: 0 });

const zerosOf = (x: tf.Tensor) => tf.zeros(x.shape);

/** The sum of the rows of `dy` that came from each place, as a product with zeros and ones. */
function returned(dy: tf.Tensor, places: tf.Tensor, shape: number[]): tf.Tensor {
  const [count, rows] = [places.shape[0]!, shape[0]!];
  const own = tf.tensor(
    Float32Array.from({ length: rows }, (_, i) => i),
    [1, rows],
  );
  const chosen = tf.cast(tf.equal(tf.reshape(places, [count, 1]), own), 'float32');
  const flat = tf.reshape(dy, [count, dy.size / count]);
  return tf.reshape(tf.matMul(chosen as tf.Tensor2D, flat as tf.Tensor2D, true), shape);
}
