import { GROUP_NORM, GROUP_NORM_GRAD } from '../../../tensor/kernels/normalisation.ts';
import type { Emitter, Lowering } from '../lowerings.ts';

/** Sizes of a normalisation: batch, groups, channels of a group, pixels of a channel. */
type Sizes = readonly [batch: number, groups: number, channels: number, pixels: number];

function sizesOf(shape: readonly number[], groups: number): Sizes {
  const [b, c, h, w] = shape as [number, number, number, number];
  return [b, groups, c / groups, h * w];
}

const reshape = (to: Emitter, x: string, shape: readonly number[]) => to.emit('Reshape', [x, to.ints(shape)]);
const reduce = (to: Emitter, op: string, x: string, axes: readonly number[]) =>
  to.emit(op, [x, to.ints(axes)], { keepdims: 1 });

/**
 * y = (x − mean)·(γ·r) + β: reductions over rows are nearly free here and every pass over the image costs a trip to
 * memory, so scale and shift of all channels are worked out first and the image is passed over as seldom as may be.
 */
const groupNorm: Lowering = (to, [x, gamma, beta], node, { inputs }) => {
  const { groups, epsilon } = node.attributes as { groups: number; epsilon: number };
  const { shape } = inputs[0]!;
  const [b, g, c, n] = sizesOf(shape, groups);
  const rows = reshape(to, x!, [b * g, c * n]);
  const mean = reduce(to, 'ReduceMean', rows, [1]);
  const centred = to.emit('Sub', [rows, mean]);
  const variance = reduce(to, 'ReduceMean', to.emit('Mul', [centred, centred]), [1]);
  const deviation = to.emit('Sqrt', [to.emit('Add', [variance, to.scalar(epsilon)])]);
  const inverse = to.emit('Reciprocal', [deviation]);
  const scale = to.emit('Mul', [reshape(to, inverse, [b, g, 1]), reshape(to, gamma!, [1, g, c])]);
  const image = reshape(to, centred, shape);
  const scaled = to.emit('Mul', [image, reshape(to, scale, [b, g * c, 1, 1])]);
  to.result(to.emit('Add', [scaled, reshape(to, beta!, [1, g * c, 1, 1])]), 0);
  to.result(mean, 1);
  to.result(inverse, 2);
};

/**
 * dx = r·γ·dy − r·⟨γ·dy⟩ − r²·⟨γ·dy·u⟩·(x − mean), u = (x − mean)·r, from the sums of dy and of dy·x over each channel,
 * which give dγ and dβ too.
 */
const groupNormGrad: Lowering = (to, [dy, x, gamma, mean, inverse], node, { inputs }) => {
  const { shape } = inputs[0]!;
  const [b, g, c, n] = sizesOf(shape, node.attributes.groups as number);
  const rows = [b, g, c, n];
  const grouped = (v: string) => reshape(to, v, [b, g, 1, 1]);
  const [m, r] = [grouped(mean!), grouped(inverse!)];
  const dyRows = reshape(to, dy!, rows);
  const centred = to.emit('Sub', [reshape(to, x!, rows), m]);
  const sum = reduce(to, 'ReduceSum', dyRows, [3]);
  const along = to.emit('Mul', [reduce(to, 'ReduceSum', to.emit('Mul', [dyRows, centred]), [3]), r]);
  const weight = reshape(to, gamma!, [1, g, c, 1]);
  const share = to.scalar(1 / (c * n));
  const average = (v: string) =>
    to.emit('Mul', [reduce(to, 'ReduceSum', to.emit('Mul', [v, weight]), [2]), share]);
  const slope = to.emit('Mul', [to.emit('Mul', [average(along), r]), r]);
  const shift = to.emit('Mul', [average(sum), r]);
  const first = to.emit('Mul', [dyRows, to.emit('Mul', [weight, r])]);
  const second = to.emit('Sub', [first, to.emit('Mul', [centred, slope])]);
  to.result(reshape(to, to.emit('Sub', [second, shift]), shape), 0);
  const perChannel = (v: string) => reshape(to, reduce(to, 'ReduceSum', v, [0]), [g * c]);
  to.result(perChannel(along), 1);
  to.result(perChannel(sum), 2);
};

/** How the kernels of normalisation are written in ONNX. */
export const normalisationLowerings: Readonly<Record<string, Lowering>> = {
  [GROUP_NORM]: groupNorm,
  [GROUP_NORM_GRAD]: groupNormGrad,
};
