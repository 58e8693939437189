import type { Compiled, Engine, Program, Value } from '../../src/engine/contract.ts';
import { type PlainTensor, type Shape, sizeOf, type Tensor } from '../../src/tensor/index.ts';
import { interpretedBy, type Mode } from '../../src/tensor/mode.ts';

/**
 * A tensor of the reference interpreter. All arithmetic is in float64, so that errors of methods are larger
 * than rounding.
 */
interface Exact {
  readonly shape: number[];
  readonly data: Float64Array;
}

const exact = (x: Tensor): Exact => x as unknown as Exact;
const tensor = (data: Float64Array, shape: Shape): Tensor =>
  ({ data, shape: [...shape] }) as unknown as Tensor;

/** The index into a tensor of shape `other`, which broadcasts to `shape`, for flat index `i` in `shape`. */
function broadcastIndex(i: number, shape: Shape, other: Shape): number {
  let index = 0;
  let stride = 1;
  for (let axis = shape.length - 1, rest = i; axis >= 0; axis--) {
    const place = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
    const side = other[axis - (shape.length - other.length)];
    if (side === undefined) continue;
    if (side !== 1) index += place * stride;
    stride *= side;
  }
  return index;
}

function binary(a: Exact, b: Exact, f: (a: number, b: number) => number): Tensor {
  if (b.data.length === 1 && a.shape.length >= b.shape.length) {
    return tensor(
      a.data.map(value => f(value, b.data[0]!)),
      a.shape,
    );
  }
  if (a.shape.join() === b.shape.join())
    return tensor(
      a.data.map((value, i) => f(value, b.data[i]!)),
      a.shape,
    );
  const rank = Math.max(a.shape.length, b.shape.length);
  const side = (x: Exact, axis: number) => x.shape[axis - (rank - x.shape.length)] ?? 1;
  const shape = Array.from({ length: rank }, (_, axis) => {
    const [p, q] = [side(a, axis), side(b, axis)];
    if (p !== q && p !== 1 && q !== 1) throw new Error(`shapes ${a.shape} and ${b.shape} do not fit`);
    return Math.max(p, q);
  });
  const data = Float64Array.from({ length: sizeOf(shape) }, (_, i) =>
    f(a.data[broadcastIndex(i, shape, a.shape)]!, b.data[broadcastIndex(i, shape, b.shape)]!),
  );
  return tensor(data, shape);
}

const binaries: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
};

const unaries: Readonly<Record<string, (x: number) => number>> = {
  neg: x => -x,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  square: x => x * x,
  stopGradient: x => x,
  abs: Math.abs,
};

function reduce(name: string, x: Exact, axes: string, keep: boolean): Tensor {
  const over = new Set(axes === 'all' ? x.shape.map((_, i) => i) : axes.split(',').map(Number));
  const kept = x.shape.map((side, axis) => (over.has(axis) ? 1 : side));
  const data = new Float64Array(sizeOf(kept)).fill(name === 'max' ? -Infinity : 0);
  for (let i = 0; i < x.data.length; i++) {
    const at = broadcastIndex(i, x.shape, kept);
    data[at] = name === 'max' ? Math.max(data[at]!, x.data[i]!) : data[at]! + x.data[i]!;
  }
  if (name === 'mean') for (let i = 0; i < data.length; i++) data[i]! *= data.length / x.data.length;
  return tensor(data, keep ? kept : x.shape.filter((_, axis) => !over.has(axis)));
}

function softmax(x: Exact): Tensor {
  const width = x.shape.at(-1)!;
  const data = Float64Array.from(x.data);
  for (let row = 0; row < data.length; row += width) {
    const part = data.subarray(row, row + width);
    const top = Math.max(...part);
    const total = part.reduce((sum, v) => sum + Math.exp(v - top), 0);
    part.forEach((v, i) => {
      part[i] = Math.exp(v - top) / total;
    });
  }
  return tensor(data, x.shape);
}

function matmul(a: Exact, b: Exact, [ta, tb]: readonly unknown[]): Tensor {
  const [m, k] = ta ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!];
  const n = tb ? b.shape[0]! : b.shape[1]!;
  const at = (x: Exact, i: number, j: number, flip: unknown) =>
    x.data[flip ? j * x.shape[1]! + i : i * x.shape[1]! + j]!;
  const data = Float64Array.from({ length: m * n }, (_, index) => {
    let sum = 0;
    for (let l = 0; l < k; l++) sum += at(a, Math.floor(index / n), l, ta) * at(b, l, index % n, tb);
    return sum;
  });
  return tensor(data, [m, n]);
}

/** For matrices only. */
function slice(x: Exact, begin: readonly number[], size: readonly number[]): Tensor {
  const [rows, columns] = [size[0]!, size[1] ?? 1];
  const data = Float64Array.from(
    { length: rows * columns },
    (_, i) =>
      x.data[(begin[0]! + Math.floor(i / columns)) * (x.shape[1] ?? 1) + (begin[1] ?? 0) + (i % columns)]!,
  );
  return tensor(data, size);
}

/** Joins columns side by side. */
function concat(parts: readonly Exact[], axis: number): Tensor {
  if (axis !== 1) throw new Error('the reference interpreter joins columns only');
  const rows = parts[0]!.shape[0]!;
  const data = Array.from({ length: rows }, (_, i) =>
    parts.flatMap(({ data, shape }) => [...data.subarray(i * shape[1]!, (i + 1) * shape[1]!)]),
  ).flat();
  return tensor(Float64Array.from(data), [rows, data.length / rows]);
}

function run(name: string, inputs: readonly Tensor[], attributes: readonly unknown[]): Tensor {
  const [a, b] = inputs.map(exact);
  const two = binaries[name];
  if (two) return binary(a!, b!, two);
  const one = unaries[name];
  if (one) return tensor(a!.data.map(one), a!.shape);
  if (name === 'sum' || name === 'mean' || name === 'max') {
    return reduce(name, a!, String(attributes[0]), attributes[1] === true);
  }
  if (name === 'sumWithin') {
    const within = a!.shape.map((_, axis) => axis).slice(1);
    return binary(a!, exact(reduce('sum', a!, within.join(), true)), (_, total) => total);
  }
  if (name === 'reshape') return tensor(a!.data, String(attributes[0]).split(',').map(Number));
  if (name === 'softmax') return softmax(a!);
  if (name === 'addAll') {
    return inputs.reduce((sum, x) => binary(exact(sum), exact(x), (p, q) => p + q));
  }
  if (name === 'weighted') {
    return inputs
      .slice(1)
      .map((x, i) =>
        tensor(
          exact(x).data.map(v => v * a!.data[i]!),
          exact(x).shape,
        ),
      )
      .reduce((sum, x) => binary(exact(sum), exact(x), (p, q) => p + q));
  }
  if (name === 'matmul') return matmul(a!, b!, attributes);
  if (name === 'slice')
    return slice(
      a!,
      String(attributes[0]).split(',').map(Number),
      String(attributes[1]).split(',').map(Number),
    );
  if (name === 'concat') return concat(inputs.map(exact), Number(attributes[0]));
  if (name === 'select') {
    const chosen = binary(a!, b!, (m, v) => (m > 0.5 ? v : 0));
    return binary(
      exact(chosen),
      exact(binary(a!, exact(inputs[2]!), (m, v) => (m > 0.5 ? 0 : v))),
      (p, q) => p + q,
    );
  }
  throw new Error(`the reference interpreter has no ${name}`);
}

const mode: Mode = {
  leaf: (data, shape) =>
    tensor(typeof data === 'number' ? Float64Array.of(data) : Float64Array.from(data), shape),
  apply: (name, inputs, attributes) => [run(name, inputs, attributes)],
  differentiate: () => {
    throw new Error('the reference interpreter has no derivatives');
  },
  get baked() {
    return mode;
  },
};

/** Runs `body` with tensor operations in float64. */
export const inFloat64 = <T>(body: () => T): T => interpretedBy(mode, body);

export const exactTensor = (data: ArrayLike<number>, shape: Shape): Tensor =>
  tensor(Float64Array.from(data), shape);
export const valuesOf = (x: Tensor | Value): Float64Array => (x as unknown as Exact).data;

/** An engine in float64, for the drivers; `valuesOf` reads its results without rounding. */
export const float64Engine: Engine = {
  name: 'float64',
  lanes: 1,
  compile: <A>(program: Program<A>, weights: readonly PlainTensor[] = []): Compiled<A> => {
    const constants = weights.map(({ data, shape }) => exactTensor(data, shape));
    const once = (inputs: readonly Value[], args: A): Value[] =>
      inFloat64(() => program(constants, inputs as Tensor[], args));
    return {
      run: async (inputs, args) => once(inputs, args),
      iterate: async (state, args) => args.reduce<Value[]>((held, each) => once(held, each), [...state]),
      dispose: async () => {},
    };
  },
  put: ({ data, shape }) => exactTensor(data, shape),
  read: async value => Float32Array.from(valuesOf(value)),
  free: () => {},
  live: () => 0,
  ended: () => false,
  dispose: async () => {},
  [Symbol.asyncDispose]: async () => {},
};
