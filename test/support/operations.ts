import type { Engine } from '../../src/engine/index.ts';
import * as T from '../../src/tensor/index.ts';
import { values } from './draw.ts';

/** An operation that every engine has to compute alike, with its gradient. */
export type Case = {
  /** Shapes of the operands, from a batch size and two sides. */
  shapes(b: number, n: number, m: number): number[][];
  program(...xs: T.Tensor[]): T.Tensor;
  /** Keeps operands inside the domain of the operation. */
  positive?: boolean;
};

const same = (b: number, n: number) => [[b, n]];
const two = (b: number, n: number) => [
  [b, n],
  [b, n],
];
export const CASES: Readonly<Record<string, Case>> = {
  add: { shapes: two, program: (x, y) => T.add(x, y) },
  'add, broadcast row': { shapes: (b, n) => [[b, n], [n]], program: (x, y) => T.add(x, y) },
  'mul, broadcast column': {
    shapes: (b, n) => [
      [b, n],
      [b, 1],
    ],
    program: (x, y) => T.mul(x, y),
  },
  'sub, broadcast scalar': { shapes: (b, n) => [[b, n], []], program: (x, y) => T.sub(x, y) },
  div: { shapes: two, program: (x, y) => T.div(x, y), positive: true },
  maximum: { shapes: two, program: (x, y) => T.maximum(x, y) },
  minimum: { shapes: two, program: (x, y) => T.minimum(x, y) },
  neg: { shapes: same, program: T.neg },
  exp: { shapes: same, program: T.exp },
  log: { shapes: same, program: T.log, positive: true },
  sqrt: { shapes: same, program: T.sqrt, positive: true },
  square: { shapes: same, program: T.square },
  abs: { shapes: same, program: T.abs },
  sin: { shapes: same, program: T.sin },
  cos: { shapes: same, program: T.cos },
  tanh: { shapes: same, program: T.tanh },
  sigmoid: { shapes: same, program: T.sigmoid },
  softplus: { shapes: same, program: T.softplus },
  silu: { shapes: same, program: T.silu },
  softmax: { shapes: same, program: T.softmax },
  'sum of all': { shapes: same, program: x => T.sum(x) },
  'sum of columns': { shapes: same, program: x => T.sum(x, [0]) },
  'mean per sample': { shapes: (b, n, m) => [[b, n, m]], program: T.meanPerSample },
  'norm per sample': { shapes: (b, n, m) => [[b, n, m]], program: T.normPerSample, positive: true },
  max: { shapes: same, program: x => T.max(x, [1]) },
  reshape: {
    shapes: (b, n, m) => [[b, n, m]],
    program: x => T.reshape(x, [x.shape[0]! * x.shape[1]!, x.shape[2]!]),
  },
  transpose: { shapes: (b, n, m) => [[b, n, m]], program: x => T.transpose(x, [2, 0, 1]) },
  concat: {
    shapes: (b, n, m) => [
      [b, n],
      [b, m],
    ],
    program: (x, y) => T.concat([x, y], 1),
  },
  slice: { shapes: (b, n) => [[b, n + 1]], program: x => T.slice(x, [0, 1], [x.shape[0]!, x.shape[1]! - 1]) },
  split: {
    shapes: (b, n, m) => [[b, n + m]],
    program: x => T.mul(T.split(x, [1, x.shape[1]! - 1], 1)[1]!, 2),
  },
  tile: { shapes: same, program: x => T.tile(x, 3) },
  matmul: {
    shapes: (b, n, m) => [
      [b, n],
      [n, m],
    ],
    program: (x, y) => T.matmul(x, y),
  },
  'matmul, left transposed': {
    shapes: (b, n, m) => [
      [n, b],
      [n, m],
    ],
    program: (x, y) => T.matmul(x, y, true),
  },
  'matmul, right transposed': {
    shapes: (b, n, m) => [
      [b, n],
      [m, n],
    ],
    program: (x, y) => T.matmul(x, y, false, true),
  },
  'matmul of stacks': {
    shapes: (b, n, m) => [
      [2, b, n],
      [2, n, m],
    ],
    program: (x, y) => T.matmul(x, y),
  },
  'products of small stacks, row by column': {
    shapes: (b, n) => [
      [b, 1, n],
      [b, n, 1],
    ],
    program: (x, y) => T.matmul(x, y),
  },
  'products of small stacks, column by row': {
    shapes: (b, n, m) => [
      [b, n, 1],
      [b, 1, m],
    ],
    program: (x, y) => T.matmul(x, y),
  },
  'products of small stacks, left transposed': {
    shapes: (b, n, m) => [
      [b, n, m],
      [b, n, 2],
    ],
    program: (x, y) => T.matmul(x, y, true),
  },
  'products of small stacks, right transposed': {
    shapes: (b, n, m) => [
      [b, 2, n],
      [b, m, n],
    ],
    program: (x, y) => T.matmul(x, y, false, true),
  },
  greater: { shapes: two, program: (x, y) => T.greater(x, y) },
  'greater, broadcast': { shapes: (b, n) => [[b, n], [n]], program: (x, y) => T.greater(x, y) },
  'rows at places': { shapes: (b, n, m) => [[b, n, m]], program: x => T.takeRows(x, cycling(x.shape[0]!)) },
  'rows at computed places': {
    shapes: (b, n) => [
      [b, n],
      [b, 1],
    ],
    program: (x, y) => T.takeRows(x, T.mul(T.sum(T.greater(y, 0), [1]), x.shape[0]! - 1)),
  },
  affine: { shapes: (b, n, m) => [[b, n], [n, m], [m]], program: (x, w, c) => T.affine(x, w, c) },
  select: {
    shapes: (b, n) => [
      [b, 1],
      [b, n],
      [b, n],
    ],
    program: (m, x, y) => T.select(T.stopGradient(m), x, y),
  },
};

/** Each of b places, some of them twice. */
const cycling = (b: number) =>
  T.fromHost(
    Float32Array.from({ length: 2 * b - 1 }, (_, i) => (3 * i) % b),
    [2 * b - 1],
  );

/** Operands of a case for a batch size and two sides. */
export const drawn = (
  { shapes, positive }: Case,
  [b, n, m]: readonly [number, number, number],
  seed: number,
): T.PlainTensor[] =>
  shapes(b, n, m).map((shape, i) => ({
    shape,
    data: values(seed + i, T.sizeOf(shape), positive ? 0.5 : -2, 2),
  }));

/** Value and gradients of Σ probe·program(xs) from one engine, for a probe that `seed` draws. */
export async function both(
  engine: Engine,
  { program }: Pick<Case, 'program'>,
  inputs: readonly T.PlainTensor[],
  seed: number,
) {
  const compiled = engine.compile<null>((_w, xs) => {
    const value = program(...xs);
    const probe = T.fromHost(values(seed, T.sizeOf(value.shape), -1, 1), value.shape);
    const { grads } = T.valueAndGrad(ys => T.sum(T.mul(program(...ys), probe)), xs);
    return [value, ...grads];
  });
  const results = await compiled.run(inputs.map(engine.put), null);
  const read = await Promise.all(results.map(engine.read));
  engine.free(...results);
  await compiled.dispose();
  return read.map(each => Array.from(each));
}
