import { failure } from '../errors.ts';
import { currentMode } from './mode.ts';
import type { tf } from './tf.ts';
import type { Coefficient, Operand, Tensor } from './types.ts';

/** The two types of a tensor: the opaque type of this package, and that of the library underneath. */
export const inner = (x: Tensor): tf.Tensor => x as unknown as tf.Tensor;
export const outer = (x: tf.Tensor): Tensor => x as unknown as Tensor;

export const isTensor = (x: Operand): x is Tensor => typeof x !== 'number' && !(x instanceof Float64Array);

/** A coefficient as a tensor that broadcasts against a tensor of `rank` axes: a scalar, or [B, 1, ..., 1]. */
export function lift(c: Coefficient, rank: number): Tensor {
  if (typeof c === 'number') return currentMode().leaf(c, []);
  return currentMode().leaf(c, [c.length, ...new Array<number>(Math.max(0, rank - 1)).fill(1)]);
}

/** Both operands of a binary operation as tensors; at least one of them must be a tensor already. */
export function pair(name: string, a: Operand, b: Operand): [Tensor, Tensor] {
  if (isTensor(a)) return [a, isTensor(b) ? b : lift(b, a.shape.length)];
  if (isTensor(b)) return [lift(a, b.shape.length), b];
  throw failure(`${name}: one operand has to be a tensor`, {
    got: 'two coefficients',
    remedy: 'Use host arithmetic for numbers',
  });
}
