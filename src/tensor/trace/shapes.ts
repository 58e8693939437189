import { broadcast } from '../broadcast.ts';
import { type Shape, sizeOf } from '../types.ts';
import type { DType, GraphValue } from './graph.ts';
import { imageKernelShapes } from './image-shapes.ts';
import type { Attributes, Inferred, KernelShape } from './kernel-shape.ts';

const one = (shape: Shape, dtype: DType): Inferred[] => [{ shape, dtype }];

const elementwise = (dtype?: DType): KernelShape => ({
  inputs: ['a', 'b'],
  infer: ([a, b]) => one(broadcast('a traced operation', a!.shape, b!.shape), dtype ?? a!.dtype),
});
const unary: KernelShape = { inputs: ['x'], infer: ([x]) => one(x!.shape, x!.dtype) };

const axesOf = (attributes: Attributes, rank: number): number[] => {
  const raw = (attributes.axis ?? attributes.reductionIndices) as number | number[] | undefined;
  const list = raw === undefined || raw === null ? Array.from({ length: rank }, (_, i) => i) : [raw].flat();
  return list.map(axis => (axis < 0 ? axis + rank : axis));
};
const reduction: KernelShape = {
  inputs: ['x'],
  infer: ([x], attributes) => {
    const axes = axesOf(attributes, x!.shape.length);
    const shape = attributes.keepDims
      ? x!.shape.map((side, i) => (axes.includes(i) ? 1 : side))
      : x!.shape.filter((_, i) => !axes.includes(i));
    return one(shape, x!.dtype);
  },
};

function inferMatmul([a, b]: readonly GraphValue[], { transposeA, transposeB }: Attributes): Inferred[] {
  const [p, q] = [a!.shape, b!.shape];
  const rows = p.at(transposeA ? -1 : -2)!;
  const columns = q.at(transposeB ? -2 : -1)!;
  return one([...broadcast('a traced product', p.slice(0, -2), q.slice(0, -2)), rows, columns], 'float32');
}

function inferReshape([x]: readonly GraphValue[], { shape }: Attributes): Inferred[] {
  const sides = shape as number[];
  const product = sizeOf(sides.filter(side => side >= 0));
  return one(
    sides.map(side => (side < 0 ? sizeOf(x!.shape) / product : side)),
    x!.dtype,
  );
}

function inferConcat(parts: readonly GraphValue[], { axis }: Attributes): Inferred[] {
  const first = parts[0]!;
  const at = (axis as number) < 0 ? (axis as number) + first.shape.length : (axis as number);
  const total = parts.reduce((length, part) => length + part.shape[at]!, 0);
  return one(
    first.shape.map((side, i) => (i === at ? total : side)),
    first.dtype,
  );
}

function inferSplit([x]: readonly GraphValue[], { numOrSizeSplits, axis }: Attributes): Inferred[] {
  const at = (axis as number) < 0 ? (axis as number) + x!.shape.length : (axis as number);
  const sizes = Array.isArray(numOrSizeSplits)
    ? (numOrSizeSplits as number[])
    : new Array<number>(numOrSizeSplits as number).fill(x!.shape[at]! / (numOrSizeSplits as number));
  return sizes.map(size => ({ shape: x!.shape.map((side, i) => (i === at ? size : side)), dtype: x!.dtype }));
}

const cast: KernelShape = { inputs: ['x'], infer: ([x], { dtype }) => one(x!.shape, dtype as DType) };

const BINARY = ['Add', 'Sub', 'Multiply', 'RealDiv', 'Maximum', 'Minimum', 'Pow', 'SquaredDifference'];
const UNARY = [
  ...[
    'Neg',
    'Exp',
    'Log',
    'Sqrt',
    'Rsqrt',
    'Square',
    'Abs',
    'Sign',
    'Sin',
    'Cos',
    'Tanh',
    'Sigmoid',
    'Softplus',
  ],
  ...['Expm1', 'Log1p', 'Reciprocal', 'Relu', 'Step', 'ZerosLike', 'OnesLike', 'LogicalNot', 'Erf'],
];
const table = (names: readonly string[], shape: KernelShape) =>
  Object.fromEntries(names.map(name => [name, shape]));

/** The kernels that tracing supports; it rejects any other by name. */
export const kernelShapes: Readonly<Record<string, KernelShape>> = {
  ...table(BINARY, elementwise()),
  ...table(
    ['Greater', 'GreaterEqual', 'Less', 'LessEqual', 'Equal', 'NotEqual', 'LogicalAnd', 'LogicalOr'],
    elementwise('bool'),
  ),
  ...table(UNARY, unary),
  ...table(['Sum', 'Mean', 'Max', 'Min'], reduction),
  Softmax: { inputs: ['logits'], infer: ([x]) => one(x!.shape, x!.dtype) },
  AddN: { inputs: 'list', infer: ([x]) => one(x!.shape, x!.dtype) },
  Cast: cast,
  Fill: {
    inputs: [],
    infer: (_, { shape, dtype }) => one(shape as Shape, (dtype as DType | undefined) ?? 'float32'),
  },
  Select: { inputs: ['condition', 't', 'e'], infer: ([, t]) => one(t!.shape, t!.dtype) },
  BatchMatMul: { inputs: ['a', 'b'], infer: inferMatmul },
  Reshape: { inputs: ['x'], infer: inferReshape },
  ExpandDims: {
    inputs: ['input'],
    infer: ([x], { dim }) => one(x!.shape.toSpliced(dim as number, 0, 1), x!.dtype),
  },
  Transpose: {
    inputs: ['x'],
    infer: ([x], { perm }) =>
      one(
        (perm as number[]).map(i => x!.shape[i]!),
        x!.dtype,
      ),
  },
  Concat: { inputs: 'list', infer: inferConcat },
  Slice: {
    inputs: ['x'],
    infer: ([x], { begin, size }) =>
      one(
        (size as number[]).map((n, i) => (n < 0 ? x!.shape[i]! - (begin as number[])[i]! : n)),
        x!.dtype,
      ),
  },
  PadV2: {
    inputs: ['x'],
    infer: ([x], { paddings }) =>
      one(
        (paddings as number[][]).map(([p, q], i) => x!.shape[i]! + p! + q!),
        x!.dtype,
      ),
  },
  SplitV: { inputs: ['x'], infer: inferSplit },
  GatherV2: {
    inputs: ['x', 'indices'],
    infer: ([x, places]) => one([...places!.shape, ...x!.shape.slice(1)], x!.dtype),
  },
  Tile: {
    inputs: ['x'],
    infer: ([x], { reps }) =>
      one(
        (reps as number[]).map((n, i) => n * x!.shape[i]!),
        x!.dtype,
      ),
  },
  ...imageKernelShapes,
};
