import { tf } from '../tf.ts';
import { type Attributes, defineKernel, type Named, runKernelMany } from './define.ts';

export const GROUP_NORM = 'LangevinGroupNorm';
export const GROUP_NORM_GRAD = 'LangevinGroupNormGrad';

const folded = (x: tf.Tensor, groups: number) =>
  tf.reshape(x, [x.shape[0]! * groups, x.size / (x.shape[0]! * groups)]);
const channelwise = (v: tf.Tensor) => tf.reshape(v, [1, v.size, 1, 1]);

/** y, mean and 1/deviation of each group: [B·G, 1]. */
function forward({ x, gamma, beta }: Named, attributes: Attributes): tf.Tensor[] {
  const { groups, epsilon } = attributes as { groups: number; epsilon: number };
  const rows = folded(x!, groups);
  const mean = tf.mean(rows, 1, true);
  const centred = tf.sub(rows, mean);
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), epsilon));
  const unit = tf.reshape(tf.mul(centred, inverse), x!.shape);
  return [tf.add(tf.mul(unit, channelwise(gamma!)), channelwise(beta!)), mean, inverse];
}

/** With u = (x − mean)·r and g = γ·dy: dx = r·(g − ⟨g⟩ − u·⟨g·u⟩), ⟨·⟩ over the group; dγ = Σ dy·u; dβ = Σ dy. */
function backward({ dy, x, gamma, mean, inverse }: Named, attributes: Attributes): tf.Tensor[] {
  const { groups } = attributes as { groups: number };
  const unit = tf.mul(tf.sub(folded(x!, groups), mean!), inverse!);
  const g = folded(tf.mul(dy!, channelwise(gamma!)), groups);
  const along = tf.mul(unit, tf.mean(tf.mul(g, unit), 1, true));
  const dx = tf.mul(tf.sub(tf.sub(g, tf.mean(g, 1, true)), along), inverse!);
  const dGamma = tf.sum(tf.mul(dy!, tf.reshape(unit, x!.shape)), [0, 2, 3]);
  return [tf.reshape(dx, x!.shape), dGamma, tf.sum(dy!, [0, 2, 3])];
}

defineKernel({
  name: GROUP_NORM,
  compute: forward,
  saves: { inputs: ['x', 'gamma'], outputs: [false, true, true] },
  gradient: ([dy], [x, gamma, mean, inverse], attributes) => {
    const saved = { dy: dy!, x: x!, gamma: gamma!, mean: mean!, inverse: inverse! };
    const [dx, dGamma, dBeta] = runKernelMany(GROUP_NORM_GRAD, saved, attributes);
    return { x: () => dx!, gamma: () => dGamma!, beta: () => dBeta! };
  },
});
defineKernel({ name: GROUP_NORM_GRAD, compute: backward });
