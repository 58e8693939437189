import { type Shape, sizeOf } from '../../../../tensor/index.ts';
import type { GraphValue } from '../../../../tensor/trace/graph.ts';
import type { Emitter, Lowering } from '../emitter.ts';

/** Number of rows above which a broadcast along them costs more than its replacement. */
const MANY = 64;
/** Row length up to which the runtime's loop over rows costs more than the arithmetic. */
const NARROW = 16;

const widthOf = (shape: Shape) => sizeOf(shape.slice(1));

/**
 * An operation on two tensors. The runtime broadcasts one number for each row (such as the coefficients of
 * samples) with one call for each row. On points of the plane this is six times as slow as tensors of one
 * shape. There, a product with ones spreads the numbers, which changes no bit. A column and a single number
 * are combined as vectors.
 */
const binary =
  (op: string): Lowering =>
  (to, [a, b], _node, { inputs, outputs }) => {
    const [left, right] = inputs as [GraphValue, GraphValue];
    const { shape, dtype } = outputs[0]!;
    if (to.portable || shape.length < 2 || shape[0]! < MANY || dtype !== 'float32')
      return to.result(to.emit(op, [a!, b!]));
    if (widthOf(shape) === 1) return to.result(column(to, op, [a!, b!], [left, right], shape));
    to.result(to.emit(op, [spread(to, a!, left, shape), spread(to, b!, right, shape)]));
  };

/** [R, 1] and a single number, or another column. */
function column(
  to: Emitter,
  op: string,
  names: readonly string[],
  values: readonly GraphValue[],
  shape: readonly number[],
): string {
  if (values.every(value => sizeOf(value.shape) > 1)) return to.emit(op, names);
  const flat = names.map((name, i) =>
    sizeOf(values[i]!.shape) > 1 ? to.reshape(name, values[i]!.shape, [shape[0]!]) : name,
  );
  return to.reshape(to.emit(op, flat), [shape[0]!], shape);
}

/** Repeats a number for each row across a narrow row; returns anything else unchanged. */
function spread(to: Emitter, name: string, value: GraphValue, shape: readonly number[]): string {
  const [rows, width] = [shape[0]!, widthOf(shape)];
  const perRow = value.shape.length === shape.length && value.shape[0] === rows && widthOf(value.shape) === 1;
  if (!perRow || width > NARROW) return name;
  const numbers = to.reshape(name, value.shape, [rows, 1]);
  const ones = to.floats([1, width], new Array<number>(width).fill(1));
  return to.reshape(to.emit('MatMul', [numbers, ones]), [rows, width], shape);
}

const OPS = { Add: 'Add', Sub: 'Sub', Multiply: 'Mul', RealDiv: 'Div', Maximum: 'Max', Minimum: 'Min' };

/** How operations on two tensors are written in ONNX. */
export const elementwiseLowerings: Readonly<Record<string, Lowering>> = Object.fromEntries(
  Object.entries(OPS).map(([kernel, op]) => [kernel, binary(op)]),
);
