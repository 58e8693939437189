import type { GraphValue } from '../../../../tensor/trace/graph.ts';
import type { Emitter, Lowering } from '../emitter.ts';

/**
 * Multiplications up to which one product of a stack takes longer to begin than to compute, measured on 512
 * of them.
 */
const SMALL = 32;

/** A product of matrices or of stacks of them. */
const product: Lowering = (to, [a, b], node, values) => {
  const { transposeA, transposeB } = node.attributes;
  const transposed = (name: string, { shape }: GraphValue) => {
    const perm = shape.map((_, axis) => axis);
    return to.emit('Transpose', [name], { perm: [...perm.slice(0, -2), perm.at(-1)!, perm.at(-2)!] });
  };
  if (!to.portable) {
    const small = smallStack(to, [a!, b!], values, !!transposeA, !!transposeB);
    if (small !== undefined) return to.result(small);
  }
  if (!transposeA && !transposeB) return to.result(to.emit('MatMul', [a!, b!]));
  if (to.portable) {
    const left = transposeA ? transposed(a!, values.inputs[0]!) : a!;
    return to.result(to.emit('MatMul', [left, transposeB ? transposed(b!, values.inputs[1]!) : b!]));
  }
  const attributes = { transA: Number(!!transposeA), transB: Number(!!transposeB) };
  to.result(to.emit('FusedMatMul', [a!, b!], attributes, 'com.microsoft'));
};

/**
 * A stack of small products as one product of all numbers and a sum over the common axis; undefined for
 * others. The common axis must lie last in memory, since other sums take as long as the products.
 */
function smallStack(
  to: Emitter,
  [a, b]: readonly [string, string],
  { inputs, outputs }: Parameters<Lowering>[3],
  transposeA: boolean,
  transposeB: boolean,
): string | undefined {
  const [left, right] = [inputs[0]!.shape, inputs[1]!.shape];
  const [stack, shape] = [left.slice(0, -2), outputs[0]!.shape];
  const [m, n] = shape.slice(-2) as [number, number];
  const k = left.at(transposeA ? -2 : -1)!;
  const alike = stack.length > 0 && stack.join() === right.slice(0, -2).join();
  const isLast = k === 1 || ((!transposeA || m === 1) && (transposeB || n === 1));
  if (!alike || !isLast || m * n * k > SMALL) return undefined;
  const rows = to.reshape(a, left, [...stack, m, 1, k]);
  const all = to.emit('Mul', [rows, to.reshape(b, right, [...stack, 1, n, k])]);
  if (k === 1) return to.reshape(all, [...stack, m, n, 1], shape);
  return to.emit('ReduceSum', [all, to.ints([stack.length + 2])], { keepdims: 0 });
}

export const productLowerings: Readonly<Record<string, Lowering>> = { BatchMatMul: product };
