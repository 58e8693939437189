import { usage } from '../errors.ts';
import { tf } from './tf.ts';
import type { Shape } from './types.ts';

/**
 * The shape of operands after broadcasting, by NumPy's rule: axes are aligned from the last; an axis of
 * length 1, or a missing one, takes the length of the others.
 * @throws usage if two lengths differ and neither is 1
 */
export function broadcast(operation: string, ...shapes: readonly Shape[]): Shape {
  return shapes.reduce((a, b) => {
    const rank = Math.max(a.length, b.length);
    return Array.from({ length: rank }, (_, i) => {
      const p = a[i - rank + a.length] ?? 1;
      const q = b[i - rank + b.length] ?? 1;
      if (p === q || q === 1) return p;
      if (p === 1) return q;
      throw usage(`${operation}: the shapes of the operands do not broadcast`, {
        got: shapes.map(shape => `[${shape}]`).join(' and '),
        expected: 'axes, aligned from the last, that are equal, or 1 in all operands but one',
        remedy: 'reshape(x, shape) puts sides of 1 where an operand is to be repeated',
      });
    });
  });
}

/** `x` repeated to `shape`. A product with ones, because its gradient is summed back to the shape of `x`. */
export const spread = (x: tf.Tensor, shape: Shape): tf.Tensor =>
  x.shape.join() === shape.join() ? x : tf.mul(x, tf.ones([...shape]));
