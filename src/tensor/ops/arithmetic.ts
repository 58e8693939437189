import { apply } from '../mode.ts';
import { inner, outer, pair } from '../operands.ts';
import { tf } from '../tf.ts';
import type { Operand, Tensor } from '../types.ts';

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
type Unary = (x: tf.Tensor) => tf.Tensor;

const binary =
  (name: string, kernel: Binary) =>
  (a: Operand, b: Operand): Tensor => {
    const [left, right] = pair(name, a, b);
    return apply(name, [left, right], [], () => outer(kernel(inner(left), inner(right))));
  };

const unary =
  (name: string, kernel: Unary) =>
  (x: Tensor): Tensor =>
    apply(name, [x], [], () => outer(kernel(inner(x))));

/** a + b. Numbers and per-sample coefficients ([B], along the leading axis) broadcast against a tensor. */
export const add = binary('add', tf.add);
/** a − b */
export const sub = binary('sub', tf.sub);
/** a · b, elementwise */
export const mul = binary('mul', tf.mul);
/** a / b, elementwise */
export const div = binary('div', tf.div);
export const maximum = binary('maximum', tf.maximum);
export const minimum = binary('minimum', tf.minimum);

export const neg = unary('neg', tf.neg);
export const exp = unary('exp', tf.exp);
export const log = unary('log', tf.log);
export const sqrt = unary('sqrt', tf.sqrt);
export const square = unary('square', tf.square);
export const abs = unary('abs', tf.abs);
export const sin = unary('sin', tf.sin);
export const cos = unary('cos', tf.cos);
export const tanh = unary('tanh', tf.tanh);
/** 1 / (1 + e⁻ˣ) */
export const sigmoid = unary('sigmoid', tf.sigmoid);
/** log(1 + eˣ) */
export const softplus = unary('softplus', tf.softplus);
/** y = x·s with s = sigmoid(x), also called swish; its slope s + y − y·s needs neither x nor the chain of a product. */
export const silu = unary('silu', x => {
  const withSlope = tf.customGrad(((input: tf.Tensor, save: (kept: tf.Tensor[]) => void) => {
    const s = tf.sigmoid(input);
    const y = tf.mul(input, s);
    save([s, y]);
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, [s1, y1]: tf.Tensor[]) =>
        tf.mul(dy, tf.add(s1!, tf.sub(y1!, tf.mul(y1!, s1!)))),
    };
  }) as never);
  return withSlope(x);
});
/** The same value, cut from the graph of gradients. */
export const stopGradient = unary('stopGradient', x => {
  const pass = tf.customGrad(((y: tf.Tensor) => ({
    value: tf.clone(y),
    gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
  })) as never);
  return pass(x);
});
