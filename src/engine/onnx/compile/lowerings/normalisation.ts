import { GROUP_NORM, GROUP_NORM_GRAD } from '../../../../tensor/kernels/normalisation.ts';
import type { Emitter, Lowering } from '../emitter.ts';

/** Batch, groups, channels of a group, pixels of a channel. */
type Sizes = readonly [batch: number, groups: number, channels: number, pixels: number];

function sizesOf(shape: readonly number[], groups: number): Sizes {
  const [b, c, h, w] = shape as [number, number, number, number];
  return [b, groups, c / groups, h * w];
}

const reshape = (to: Emitter, x: string, shape: readonly number[]) => to.emit('Reshape', [x, to.ints(shape)]);
const reduce = (to: Emitter, op: string, x: string, axes: readonly number[]) =>
  to.emit(op, [x, to.ints(axes)], { keepdims: 1 });

/** The groups become channels of images with one row, which one native operation normalises. */
const groupNorm: Lowering = (to, [x, gamma, beta], node, { inputs }) => {
  const { groups, epsilon } = node.attributes as { groups: number; epsilon: number };
  const { shape } = inputs[0]!;
  const [b, g, c, n] = sizesOf(shape, groups);
  const rows = reshape(to, x!, [b, g, c * n]);
  const [ones, zeros] = [
    to.floats([g], new Array<number>(g).fill(1)),
    to.floats([g], new Array<number>(g).fill(0)),
  ];
  const units = to.emit('InstanceNormalization', [rows, ones, zeros], { epsilon: { float: epsilon } });
  const image = reshape(to, units, shape);
  const product = to.emit('Mul', [image, reshape(to, gamma!, [1, g * c, 1, 1])]);
  to.result(to.emit('Add', [product, reshape(to, beta!, [1, g * c, 1, 1])]), 0);
  to.result(image, 1);
  to.result(reshape(to, inverseOf(to, rows, units, epsilon), [b * g, 1]), 2);
};

/**
 * r = 1/√(v + ε) from s = ⟨x·u⟩ = v·r: v² = s²·(v + ε), so v = s²/2 + √(s⁴/4 + s²·ε). Unlike ⟨x²⟩ − ⟨x⟩² this
 * loses no digits if the mean is far from 0, since u has mean 0.
 */
function inverseOf(to: Emitter, rows: string, units: string, epsilon: number): string {
  const s = reduce(to, 'ReduceMean', to.emit('Mul', [rows, units]), [2]);
  const half = to.emit('Mul', [to.emit('Mul', [s, s]), to.scalar(0.5)]);
  const under = to.emit('Mul', [half, to.emit('Add', [half, to.scalar(2 * epsilon)])]);
  const variance = to.emit('Add', [half, to.emit('Sqrt', [under])]);
  return to.emit('Reciprocal', [to.emit('Sqrt', [to.emit('Add', [variance, to.scalar(epsilon)])])]);
}

/**
 * dx = r·γ·dy − r·⟨γ·dy⟩ − r·⟨γ·dy·u⟩·u from the sums of dy and of dy·u over each channel. The same sums give
 * dγ and dβ: reductions are nearly free here, while every pass over the image reads memory.
 */
const groupNormGrad: Lowering = (to, [dy, unit, gamma, inverse], node, { inputs }) => {
  const { shape } = inputs[0]!;
  const [b, g, c, n] = sizesOf(shape, node.attributes.groups as number);
  const rows = [b, g, c, n];
  const r = reshape(to, inverse!, [b, g, 1, 1]);
  const [dyRows, units] = [reshape(to, dy!, rows), reshape(to, unit!, rows)];
  const sum = reduce(to, 'ReduceSum', dyRows, [3]);
  const along = reduce(to, 'ReduceSum', to.emit('Mul', [dyRows, units]), [3]);
  const weight = to.emit('Mul', [reshape(to, gamma!, [1, g, c, 1]), r]);
  const share = to.scalar(1 / (c * n));
  const average = (v: string) =>
    to.emit('Mul', [reduce(to, 'ReduceSum', to.emit('Mul', [v, weight]), [2]), share]);
  const straight = to.emit('Sub', [to.emit('Mul', [dyRows, weight]), average(sum)]);
  const dx = to.emit('Sub', [straight, to.emit('Mul', [units, average(along)])]);
  to.result(reshape(to, dx, shape), 0);
  const perChannel = (v: string) => reshape(to, reduce(to, 'ReduceSum', v, [0]), [g * c]);
  to.result(perChannel(along), 1);
  to.result(perChannel(sum), 2);
};

/** How the kernels of normalisation are written in ONNX. */
export const normalisationLowerings: Readonly<Record<string, Lowering>> = {
  [GROUP_NORM]: groupNorm,
  [GROUP_NORM_GRAD]: groupNormGrad,
};
