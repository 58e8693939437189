import { tf } from '../tf.ts';
import { type Attributes, defineKernel, type Named, runKernelMany } from './define.ts';

export const GROUP_NORM = 'LangevinGroupNorm';
export const GROUP_NORM_GRAD = 'LangevinGroupNormGrad';

const folded = (x: tf.Tensor, groups: number) =>
  tf.reshape(x, [x.shape[0]! * groups, x.size / (x.shape[0]! * groups)]);
const channelwise = (v: tf.Tensor) => tf.reshape(v, [1, v.size, 1, 1]);

/** y; u = (x − mean)·r, shaped like x; r = 1/√(variance + ε) of each group, [B·G, 1]. */
function forward({ x, gamma, beta }: Named, attributes: Attributes): tf.Tensor[] {
  const { groups, epsilon } = attributes as { groups: number; epsilon: number };
  const rows = folded(x!, groups);
  const centred = tf.sub(rows, tf.mean(rows, 1, true));
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), epsilon));
  const unit = tf.reshape(tf.mul(centred, inverse), x!.shape);
  return [tf.add(tf.mul(unit, channelwise(gamma!)), channelwise(beta!)), unit, inverse];
}

/** With g = γ·dy: dx = r·(g − ⟨g⟩ − u·⟨g·u⟩), ⟨·⟩ over the group; dγ = Σ dy·u; dβ = Σ dy. */
function backward({ dy, unit, gamma, inverse }: Named, attributes: Attributes): tf.Tensor[] {
  const { groups } = attributes as { groups: number };
  const rows = folded(unit!, groups);
  const g = folded(tf.mul(dy!, channelwise(gamma!)), groups);
  const along = tf.mul(rows, tf.mean(tf.mul(g, rows), 1, true));
  const dx = tf.mul(tf.sub(tf.sub(g, tf.mean(g, 1, true)), along), inverse!);
  return [tf.reshape(dx, dy!.shape), tf.sum(tf.mul(dy!, unit!), [0, 2, 3]), tf.sum(dy!, [0, 2, 3])];
}

defineKernel({
  name: GROUP_NORM,
  compute: forward,
  saves: { inputs: ['gamma'], outputs: [false, true, true] },
  gradient: ([dy], [gamma, unit, inverse], attributes) => {
    const saved = { dy: dy!, unit: unit!, gamma: gamma!, inverse: inverse! };
    const [dx, dGamma, dBeta] = runKernelMany(GROUP_NORM_GRAD, saved, attributes);
    return { x: () => dx!, gamma: () => dGamma!, beta: () => dBeta! };
  },
});
defineKernel({ name: GROUP_NORM_GRAD, compute: backward });
