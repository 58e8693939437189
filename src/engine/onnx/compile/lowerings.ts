import { failure } from '../../../errors.ts';
import type { GraphNode } from '../../../tensor/trace/graph.ts';
import { type Emitter, type Lowering, MOST_PIECES } from './emitter.ts';
import { convolutionLowerings } from './lowerings/convolution.ts';
import { elementwiseLowerings } from './lowerings/elementwise.ts';
import { normalisationLowerings } from './lowerings/normalisation.ts';
import { productLowerings } from './lowerings/product.ts';
import { resampleLowerings } from './lowerings/resample.ts';

const direct =
  (op: string): Lowering =>
  (to, inputs) =>
    to.result(to.emit(op, inputs));

const axesOf = (node: GraphNode, rank: number): number[] => {
  const raw = (node.attributes.axis ?? node.attributes.reductionIndices) as number | number[] | undefined;
  return raw === undefined || raw === null ? Array.from({ length: rank }, (_, i) => i) : [raw].flat();
};

const reduce =
  (op: string): Lowering =>
  (to, [x], node, { inputs }) => {
    const axes = axesOf(node, inputs[0]!.shape.length);
    if (axes.length === 0) return to.result(x!);
    to.result(to.emit(op, [x!, to.ints(axes)], { keepdims: node.attributes.keepDims ? 1 : 0 }));
  };

/** tfjs reshapes after every broadcast. Usually nothing changes, and this saves a copy. */
const reshape: Lowering = (to, [x], _node, { inputs, outputs }) => {
  to.result(to.reshape(x!, inputs[0]!.shape, outputs[0]!.shape));
};

const fill =
  (value: (node: GraphNode) => number): Lowering =>
  (to, _inputs, node, { outputs }) => {
    const { shape, dtype } = outputs[0]!;
    to.result(to.emit('Expand', [to.scalar(value(node), dtype), to.ints(shape)]));
  };

const split: Lowering = (to, [x], node, { outputs }) => {
  const axis = node.attributes.axis as number;
  const sizes = outputs.map(value => value.shape.at(axis)!);
  parts(to, x!, sizes, axis).forEach((name, i) => void to.result(name, i));
};

/**
 * Pieces of the given lengths. A device binds few buffers at a time, so there many pieces are split off in
 * groups.
 */
function parts(to: Emitter, x: string, sizes: readonly number[], axis: number): string[] {
  if (!to.portable || sizes.length <= MOST_PIECES)
    return to.emitMany('Split', [x, to.ints(sizes)], sizes.length, { axis });
  const each = Math.ceil(sizes.length / MOST_PIECES);
  const groups = Array.from({ length: Math.ceil(sizes.length / each) }, (_, i) =>
    sizes.slice(i * each, (i + 1) * each),
  );
  const whole = groups.map(group => group.reduce((sum, size) => sum + size, 0));
  return parts(to, x, whole, axis).flatMap((name, i) => parts(to, name, groups[i]!, axis));
}

const slice: Lowering = (to, [x], { attributes }, { inputs, outputs }) => {
  const begin = attributes.begin as number[];
  const end = begin.map((from, i) => from + outputs[0]!.shape[i]!);
  to.result(to.emit('Slice', [x!, to.ints(begin), to.ints(end), to.ints(inputs[0]!.shape.map((_, i) => i))]));
};

const pad: Lowering = (to, [x], { attributes }) => {
  const paddings = attributes.paddings as number[][];
  const ends = [...paddings.map(p => p[0]!), ...paddings.map(p => p[1]!)];
  to.result(to.emit('Pad', [x!, to.ints(ends), to.scalar((attributes.constantValue as number) ?? 0)]));
};

const CAST: Record<string, number> = { float32: 1, int32: 6, bool: 9 };
const cast: Lowering = (to, [x], { attributes }) =>
  to.result(to.emit('Cast', [x!], { to: CAST[attributes.dtype as string]! }));

const DIRECT = {
  Pow: 'Pow',
  ...{
    Neg: 'Neg',
    Exp: 'Exp',
    Log: 'Log',
    Sqrt: 'Sqrt',
    Abs: 'Abs',
    Sign: 'Sign',
    Sin: 'Sin',
    Cos: 'Cos',
  },
  ...{
    Tanh: 'Tanh',
    Sigmoid: 'Sigmoid',
    Softplus: 'Softplus',
    Reciprocal: 'Reciprocal',
    Relu: 'Relu',
    Erf: 'Erf',
  },
  ...{
    Greater: 'Greater',
    GreaterEqual: 'GreaterOrEqual',
    Less: 'Less',
    LessEqual: 'LessOrEqual',
    Equal: 'Equal',
  },
  ...{ LogicalAnd: 'And', LogicalOr: 'Or', LogicalNot: 'Not', Select: 'Where' },
};

/** Some providers have no `Sum`; a chain of additions has the same bits. */
const sum: Lowering = (to, [first, ...rest]) =>
  to.result(
    to.portable
      ? rest.reduce((total, term) => to.emit('Add', [total, term]), first!)
      : to.emit('Sum', [first!, ...rest]),
  );

/** The kernels that this engine supports, by tfjs's names. */
export const lowerings: Readonly<Record<string, Lowering>> = {
  ...Object.fromEntries(Object.entries(DIRECT).map(([kernel, op]) => [kernel, direct(op)])),
  ...elementwiseLowerings,
  AddN: sum,
  Square: (to, [x]) => to.result(to.emit('Mul', [x!, x!])),
  Rsqrt: (to, [x]) => to.result(to.emit('Reciprocal', [to.emit('Sqrt', [x!])])),
  SquaredDifference: (to, inputs) => {
    const difference = to.emit('Sub', inputs);
    to.result(to.emit('Mul', [difference, difference]));
  },
  Step: (to, [x], { attributes }) => {
    const positive = to.emit('Greater', [x!, to.scalar(0)]);
    to.result(to.emit('Where', [positive, to.scalar(1), to.scalar((attributes.alpha as number) ?? 0)]));
  },
  NotEqual: (to, inputs) => to.result(to.emit('Not', [to.emit('Equal', inputs)])),
  Expm1: (to, [x]) => to.result(to.emit('Sub', [to.emit('Exp', [x!]), to.scalar(1)])),
  Log1p: (to, [x]) => to.result(to.emit('Log', [to.emit('Add', [x!, to.scalar(1)])])),
  Sum: reduce('ReduceSum'),
  Mean: reduce('ReduceMean'),
  Max: reduce('ReduceMax'),
  Min: reduce('ReduceMin'),
  Softmax: (to, [x]) => to.result(to.emit('Softmax', [x!], { axis: -1 })),
  Reshape: reshape,
  ExpandDims: reshape,
  Transpose: (to, [x], { attributes }) =>
    to.result(to.emit('Transpose', [x!], { perm: attributes.perm as number[] })),
  Concat: (to, inputs, { attributes }) =>
    to.result(to.emit('Concat', inputs, { axis: attributes.axis as number })),
  Slice: slice,
  PadV2: pad,
  SplitV: split,
  GatherV2: (to, inputs) => to.result(to.emit('Gather', inputs, { axis: 0 })),
  Tile: (to, [x], { attributes }) => to.result(to.emit('Tile', [x!, to.ints(attributes.reps as number[])])),
  Cast: cast,
  Fill: fill(node => Number(node.attributes.value)),
  ZerosLike: fill(() => 0),
  OnesLike: fill(() => 1),
  ...convolutionLowerings,
  ...normalisationLowerings,
  ...productLowerings,
  ...resampleLowerings,
};

export function loweringOf(kernel: string): Lowering {
  const lowering = lowerings[kernel];
  if (lowering) return lowering;
  throw failure(`The operation ${kernel} cannot be compiled to ONNX`, {
    remedy: 'Write it with other operations, or choose an eager engine (--engine wasm)',
  });
}
