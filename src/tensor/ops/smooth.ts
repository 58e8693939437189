import { tf } from '../tf.ts';

type Unary = (x: tf.Tensor) => tf.Tensor;

/**
 * tfjs forgets, in a derivative of a derivative, that an output saved for the backward pass depends on the input. There
 * (and only there, for it costs a second evaluation) these functions save their input instead, to every order.
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
/** e^x / Σ e^x along the last axis. */
export const smoothSoftmax: Unary = x => {
  if (tf.engine().state.gradientDepth < 2) return tf.softmax(x);
  // A shift changes nothing, so its slope may be left out.
  const top = tf.customGrad(((y: tf.Tensor) => ({
    value: tf.max(y, -1, true),
    gradFunc: () => tf.zeros(x.shape),
  })) as never);
  const parts = smoothExp(tf.sub(x, top(x)));
  return tf.div(parts, tf.sum(parts, -1, true));
};
