import { tf } from '../tf.ts';

type Unary = (x: tf.Tensor) => tf.Tensor;

/**
 * In a derivative of a derivative, tfjs ignores that an output saved for the backward pass depends on the
 * input. In that case these functions save their input instead, which is right to every order. They do so
 * only in that case, because it costs a second evaluation.
 */
const smooth =
  (kernel: Unary, slope: (self: Unary, x: tf.Tensor) => tf.Tensor): Unary =>
  x => {
    if (tf.engine().state.gradientDepth < 2) return kernel(x);
    const self: Unary = y => {
      const exact = tf.customGrad(((input: tf.Tensor, save: (kept: tf.Tensor[]) => void) => {
        save([input]);
        return {
          value: kernel(input),
          gradFunc: (dy: tf.Tensor, [kept]: tf.Tensor[]) => tf.mul(dy, slope(self, kept!)),
        };
      }) as never);
      return exact(y);
    };
    return self(x);
  };

export const smoothExp = smooth(tf.exp, (exp, x) => exp(x));
export const smoothSqrt = smooth(tf.sqrt, (sqrt, x) => tf.div(0.5, sqrt(x)));
export const smoothTanh = smooth(tf.tanh, (tanh, x) => tf.sub(1, tf.square(tanh(x))));
export const smoothSigmoid = smooth(tf.sigmoid, (sigmoid, x) => {
  const s = sigmoid(x);
  return tf.sub(s, tf.square(s));
});
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/**
 * The same for the maximum and minimum of two tensors: tfjs has no derivative of the comparison in their
 * slope; here it is 0.
 */
const extremum = (prefers: Binary): Binary =>
  tf.customGrad(((a: tf.Tensor, b: tf.Tensor) => ({
    value: tf.cast(prefers(a, b), 'float32'),
    gradFunc: (dy: tf.Tensor) => [tf.zerosLike(dy), tf.zerosLike(dy)],
  })) as never);
const choice = (kernel: Binary, prefers: Binary): Binary => {
  const first = extremum(prefers);
  const self: Binary = tf.customGrad(((a: tf.Tensor, b: tf.Tensor, save: (kept: tf.Tensor[]) => void) => {
    save([a, b]);
    return {
      value: kernel(a, b),
      gradFunc: (dy: tf.Tensor, [p, q]: tf.Tensor[]) => {
        const mask = first(p!, q!);
        return [tf.mul(dy, mask), tf.mul(dy, tf.sub(1, mask))];
      },
    };
  }) as never);
  return (a, b) => (tf.engine().state.gradientDepth < 2 ? kernel(a, b) : self(a, b));
};
export const smoothMaximum = choice(tf.maximum, tf.greaterEqual);
export const smoothMinimum = choice(tf.minimum, tf.lessEqual);

/** e^x / Σ e^x along the last axis. */
export const smoothSoftmax: Unary = x => {
  if (tf.engine().state.gradientDepth < 2) return tf.softmax(x);
  // A shift does not change the result, so its gradient may be omitted.
  const top = tf.customGrad(((y: tf.Tensor) => ({
    value: tf.max(y, -1, true),
    gradFunc: () => tf.zeros(x.shape),
  })) as never);
  const parts = smoothExp(tf.sub(x, top(x)));
  return tf.div(parts, tf.sum(parts, -1, true));
};
