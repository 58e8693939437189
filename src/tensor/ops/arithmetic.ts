import { broadcast, spread } from '../broadcast.ts';
import { apply } from '../mode.ts';
import { inner, outer, pair } from '../operands.ts';
import { tf } from '../tf.ts';
import type { Operand, Tensor } from '../types.ts';
import { smoothExp, smoothMaximum, smoothMinimum, smoothSigmoid, smoothSqrt, smoothTanh } from './smooth.ts';

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
type Unary = (x: tf.Tensor) => tf.Tensor;

const binary =
  (name: string, kernel: Binary) =>
  (a: Operand, b: Operand): Tensor => {
    const [left, right] = pair(name, a, b);
    return apply(name, [left, right], [], () => {
      broadcast(name, left.shape, right.shape);
      return outer(kernel(inner(left), inner(right)));
    });
  };

/**
 * In tfjs the gradient of such an operation has the shape of the result, not of the operand, and wasm
 * broadcasts operands only along leading axes. So operands are broadcast first, except numbers, which have no
 * gradient.
 */
const alike =
  (name: string, kernel: Binary) =>
  (a: Operand, b: Operand): Tensor => {
    const [left, right] = pair(name, a, b);
    return apply(name, [left, right], [], () => {
      const shape = broadcast(name, left.shape, right.shape);
      const whole = (operand: Operand, x: Tensor) =>
        typeof operand === 'number' ? inner(x) : spread(inner(x), shape);
      return outer(kernel(whole(a, left), whole(b, right)));
    });
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
/** max(a, b), elementwise */
export const maximum = alike('maximum', smoothMaximum);
/** min(a, b), elementwise */
export const minimum = alike('minimum', smoothMinimum);

/** −x */
export const neg = unary('neg', tf.neg);
/** eˣ */
export const exp = unary('exp', smoothExp);
/** ln x */
export const log = unary('log', tf.log);
/** √x */
export const sqrt = unary('sqrt', smoothSqrt);
/** x² */
export const square = unary('square', tf.square);
/** |x| */
export const abs = unary('abs', tf.abs);
/** sin x, in radians */
export const sin = unary('sin', tf.sin);
/** cos x, in radians */
export const cos = unary('cos', tf.cos);
/** tanh x */
export const tanh = unary('tanh', smoothTanh);
/** 1 / (1 + e⁻ˣ) */
export const sigmoid = unary('sigmoid', smoothSigmoid);
/** log(1 + eˣ) */
export const softplus = unary('softplus', tf.softplus);
/**
 * y = x·s with s = sigmoid(x), also called swish. Its slope s + y − y·s needs neither x nor the chain rule of
 * a product. It saves values outside the gradient graph, so a derivative of a derivative uses the plain
 * product.
 */
export const silu = unary('silu', x => {
  if (tf.engine().state.gradientDepth > 1) return tf.mul(x, smoothSigmoid(x));
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
/** The same value, detached from the gradient graph. */
export const stopGradient = unary('stopGradient', x => {
  const pass = tf.customGrad(((y: tf.Tensor) => ({
    value: tf.clone(y),
    // Not zerosLike(dy): nothing of a second derivative may depend on dy.
    gradFunc: () => tf.zeros(y.shape),
  })) as never);
  return pass(x);
});
