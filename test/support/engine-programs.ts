import type { Engine, Value } from '../../src/engine/index.ts';
import * as T from '../../src/tensor/index.ts';
import { values } from './draw.ts';

export const ROWS = 3;
export const COLUMNS = 4;
const X = values(1, ROWS * COLUMNS, 0.2, 2);
export const Y = values(2, ROWS * COLUMNS, -2, 2);
export const input = (data: Float32Array): T.PlainTensor => ({ data, shape: [ROWS, COLUMNS] });
const rows = (f: (x: number[], y: number[]) => number | number[]) =>
  Array.from({ length: ROWS }, (_, i) => {
    const [from, to] = [i * COLUMNS, (i + 1) * COLUMNS];
    return f([...X.subarray(from, to)], [...Y.subarray(from, to)]);
  }).flat();
const total = (all: readonly number[]) => all.reduce((sum, v) => sum + v, 0);
const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));

/** Programs of two tensors [3, 4] with their results, computed in float64. */
export const SAMPLE: Readonly<
  Record<string, { program: (x: T.Tensor, y: T.Tensor) => T.Tensor; expected: readonly number[] }>
> = {
  'a combination': {
    program: (x, y) => T.combine([2, x], [-0.5, y], [3, T.mul(x, y)]),
    expected: [...X].map((x, i) => 2 * x - 0.5 * Y[i]! + 3 * x * Y[i]!),
  },
  'quotients and roots': {
    program: (x, y) => T.div(T.sub(y, x), T.sqrt(x)),
    expected: [...X].map((x, i) => (Y[i]! - x) / Math.sqrt(x)),
  },
  'silu, exp and log': {
    program: (x, y) => T.add(T.silu(y), T.mul(T.log(x), T.exp(y))),
    expected: [...X].map((x, i) => Y[i]! * sigmoid(Y[i]!) + Math.log(x) * Math.exp(Y[i]!)),
  },
  softmax: {
    program: (_x, y) => T.softmax(y),
    expected: rows((_x, y) => y.map(v => Math.exp(v) / total(y.map(Math.exp)))),
  },
  'a product of matrices': {
    program: (x, y) => T.matmul(x, y, false, true),
    expected: rows(x => rows((_x, y) => total(x.map((v, k) => v * y[k]!)))),
  },
  'a mean of each sample': {
    program: (x, y) => T.meanPerSample(T.mul(x, y)),
    expected: rows((x, y) => total(x.map((v, k) => v * y[k]!)) / COLUMNS),
  },
  'columns cut and joined': {
    program: (x, y) => T.concat([T.slice(y, [0, 1], [ROWS, 2]), x], 1),
    expected: rows((x, y) => [y[1]!, y[2]!, ...x]),
  },
  'a convolution': {
    program: (x, y) =>
      T.conv2d(T.reshape(x, [1, 1, ROWS, COLUMNS]), T.reshape(T.slice(y, [0, 0], [1, 1]), [1, 1, 1, 1])),
    expected: [...X].map(x => x * Y[0]!),
  },
  'a vector-Jacobian product': {
    program: (x, y) => T.vjp(at => T.mul(T.square(at), at), x, y).product,
    expected: [...X].map((x, i) => 3 * x * x * Y[i]!),
  },
};

/** The only result of a program of the inputs, read from the engine. */
export async function compute(engine: Engine, program: (x: T.Tensor, y: T.Tensor) => T.Tensor) {
  const compiled = engine.compile<null>((_weights, [x, y]) => [program(x!, y!)]);
  const inputs = [engine.put(input(X)), engine.put(input(Y))];
  const [result] = await compiled.run(inputs, null);
  const read = await engine.read(result!);
  engine.free(...inputs, result!);
  await compiled.dispose();
  return read;
}

/** x ← w·x + b, with the weight w = 2 and b a host argument. */
export const growing = (engine: Engine) =>
  engine.compile<{ b: number }>(
    ([w], [x], { b }) => [T.combine([1, T.mul(x!, w!)], [b, T.fromHost(Float32Array.of(1), [1])])],
    [{ data: Float32Array.of(2), shape: [1] }],
  );
export const one = (engine: Engine): Value => engine.put({ data: Float32Array.of(1), shape: [1] });
