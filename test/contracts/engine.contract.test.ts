import { afterAll, describe, expect, it } from 'vitest';
import {
  type Engine,
  type EngineName,
  engines,
  makeEngine,
  tryEngine,
  type Value,
} from '../../src/engine/index.ts';
import { LangevinError } from '../../src/errors.ts';
import * as T from '../../src/tensor/index.ts';
import { values } from '../support/draw.ts';

const ROWS = 3;
const COLUMNS = 4;
const X = values(1, ROWS * COLUMNS, 0.2, 2);
const Y = values(2, ROWS * COLUMNS, -2, 2);
const input = (data: Float32Array): T.PlainTensor => ({ data, shape: [ROWS, COLUMNS] });
const rows = (f: (x: number[], y: number[]) => number | number[]) =>
  Array.from({ length: ROWS }, (_, i) => {
    const [from, to] = [i * COLUMNS, (i + 1) * COLUMNS];
    return f([...X.subarray(from, to)], [...Y.subarray(from, to)]);
  }).flat();
const total = (all: readonly number[]) => all.reduce((sum, v) => sum + v, 0);
const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));

/** Programs of two tensors [3, 4] with their results, computed in float64. */
const SAMPLE: Readonly<
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
async function compute(engine: Engine, program: (x: T.Tensor, y: T.Tensor) => T.Tensor) {
  const compiled = engine.compile<null>((_weights, [x, y]) => [program(x!, y!)]);
  const inputs = [engine.put(input(X)), engine.put(input(Y))];
  const [result] = await compiled.run(inputs, null);
  const read = await engine.read(result!);
  engine.free(...inputs, result!);
  await compiled.dispose();
  return read;
}

/** x ← w·x + b, with the weight w = 2 and b a host argument. */
const growing = (engine: Engine) =>
  engine.compile<{ b: number }>(
    ([w], [x], { b }) => [T.combine([1, T.mul(x!, w!)], [b, T.fromHost(Float32Array.of(1), [1])])],
    [{ data: Float32Array.of(2), shape: [1] }],
  );
const one = (engine: Engine): Value => engine.put({ data: Float32Array.of(1), shape: [1] });

describe.each(Object.keys(engines) as EngineName[])('engine %s', async name => {
  const traits = engines[name];
  const started = await tryEngine(name, { threads: 2 });
  if (started instanceof Error) {
    console.warn(`The engine ${name} is held to what it says where it does not start: ${started.message}`);
    return it('names what it needs if it does not start', () => {
      expect(started).toBeInstanceOf(LangevinError);
      const { remedy = '' } = (started as LangevinError).parts;
      expect(started.message).toContain(`"${name}"`);
      expect(remedy).not.toBe('');
    });
  }
  const engine = started;
  afterAll(() => engine.dispose());

  it('has the name of its row, is frozen, and has the lanes that it declares', () => {
    expect(engine.name).toBe(name);
    expect(Object.isFrozen(engine)).toBe(true);
    expect(engine.lanes).toBe(traits.threads ? 2 : 1);
    expect(engine.ended()).toBe(false);
  });

  it('returns exactly what was put in', async () => {
    const value = engine.put(input(Y));
    expect(value.shape).toEqual([ROWS, COLUMNS]);
    expect(await engine.read(value)).toEqual(Y);
    engine.free(value);
  });

  it.each(Object.entries(SAMPLE))('computes %s', async (_what, { program, expected }) => {
    expect(await compute(engine, program)).toBeAllClose(expected, 1e-4);
  });

  it('keeps no host number as a constant, and iterates in the same way as it runs', async () => {
    const compiled = growing(engine);
    const x = one(engine);
    const runs = [];
    for (const b of [0, 5]) {
      const [y] = await compiled.run([x], { b });
      runs.push((await engine.read(y!))[0]);
      engine.free(y!);
    }
    expect(runs).toEqual([2, 7]);
    const [last] = await compiled.iterate([x], [{ b: 1 }, { b: 2 }, { b: 3 }]);
    expect(await engine.read(last!)).toEqual(Float32Array.of(2 * (2 * (2 + 1) + 2) + 3));
    engine.free(last!);
    await compiled.dispose();
  });

  it('answers calls on every lane in parallel', async () => {
    const compiled = growing(engine);
    const x = one(engine);
    const lanes = Array.from({ length: engine.lanes }, (_, lane) => lane);
    const all = await Promise.all(lanes.map(lane => compiled.run([x], { b: lane }, lane)));
    expect(await Promise.all(all.map(async ([y]) => (await engine.read(y!))[0]))).toEqual(
      lanes.map(lane => 2 + lane),
    );
    engine.free(x, ...all.flat());
    await compiled.dispose();
  });

  it('keeps nothing of an earlier call', async () => {
    await compute(engine, SAMPLE.softmax!.program);
    const before = engine.live();
    await compute(engine, SAMPLE.softmax!.program);
    expect(engine.live()).toBe(before);
  });

  it('passes on the error of a program, and computes afterwards', async () => {
    const compiled = engine.compile<null>(() => {
      throw new Error('mine');
    });
    await expect(compiled.run([], null)).rejects.toThrow('mine');
    await compiled.dispose();
    const { program, expected } = SAMPLE.softmax!;
    expect(await compute(engine, program)).toBeAllClose(expected, 1e-4);
  });

  it('can be disposed of, and says so in every later call', async () => {
    const other = await makeEngine(name, { threads: 1 });
    const compiled = growing(other);
    const x = one(other);
    const [y] = await compiled.run([x], { b: 0 });
    expect(await other.read(y!)).toEqual(Float32Array.of(2));
    await other.dispose();
    await other.dispose();
    expect(other.ended()).toBe(true);
    await expect(compiled.run([x], { b: 0 })).rejects.toThrow(`The engine "${name}" was disposed of`);
    await expect(compiled.iterate([x], [{ b: 0 }])).rejects.toThrow(/was disposed of.*makeEngine\(\)/);
    await expect(compute(other, SAMPLE.softmax!.program)).rejects.toThrow(/was disposed of/);
    expect(engine.ended()).toBe(false);
    expect(await compute(engine, SAMPLE.softmax!.program)).toHaveLength(ROWS * COLUMNS);
  });
});
