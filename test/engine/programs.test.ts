import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { lowerings } from '../../src/engine/onnx/compile/lowerings.ts';
import * as T from '../../src/tensor/index.ts';
import { replay } from '../../src/tensor/trace/replay.ts';
import { kernelShapes } from '../../src/tensor/trace/shapes.ts';
import { trace } from '../../src/tensor/trace/trace.ts';

const engine = await makeEngine('onnx');
const one = (x: number[]) => engine.put({ data: Float32Array.from(x), shape: [x.length] });

describe('a compiled program', () => {
  it('uses the numbers of each call, not those of the first', async () => {
    const program = engine.compile<number>((_w, [x], c) => [T.mul(x!, c)]);
    for (const c of [2, 3, -1])
      expect(await engine.read((await program.run([one([1, 2])], c))[0]!)).toBeAllClose([c, 2 * c]);
  });

  it('follows the branch that its function takes at each call', async () => {
    const program = engine.compile<number>((_w, [x], c) => [c > 0 ? T.exp(x!) : T.neg(x!)]);
    for (const c of [1, -1, 1]) {
      expect(await engine.read((await program.run([one([0.5])], c))[0]!)).toBeAllClose([
        c > 0 ? Math.exp(0.5) : -0.5,
      ]);
    }
  });

  it('separates operands that differ only in their position', async () => {
    const program = engine.compile<boolean>((_w, [x, y], flip) => [flip ? T.sub(x!, y!) : T.sub(y!, x!)]);
    const run = async (flip: boolean) =>
      (await engine.read((await program.run([one([5]), one([3])], flip))[0]!))[0];
    expect([await run(true), await run(false), await run(true)]).toEqual([2, -2, 2]);
  });

  it('gives the same when it is iterated as when it is run again and again', async () => {
    const program = engine.compile<number>((_w, [x, n], c) => [T.add(T.mul(x!, 0.5), c), T.add(n!, 1)]);
    const steps = [1, 2, 3, 4, 5];
    const [x, n] = await program.iterate([one([8]), one([0])], steps);
    expect(await engine.read(x!)).toBeAllClose([steps.reduce((value, c) => value * 0.5 + c, 8)]);
    expect(await engine.read(n!)).toBeAllClose([5]);
  });

  it('iterates across a change of shapes, as at the start of a multistep method', async () => {
    const program = engine.compile<number>((_w, state, c) =>
      state.length === 1
        ? [T.add(state[0]!, c), T.mul(state[0]!, 1)]
        : [T.add(state[0]!, T.mul(state[1]!, c)), state[0]!],
    );
    const [x, previous] = await program.iterate([one([1])], [1, 1, 1, 1]);
    expect([(await engine.read(x!))[0], (await engine.read(previous!))[0]]).toEqual([8, 5]);
  });

  it('accepts coefficients of each sample along the leading axis', async () => {
    const program = engine.compile<Float64Array>((_w, [x], c) => [T.mul(x!, c)]);
    const x = engine.put({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] });
    expect(await engine.read((await program.run([x], Float64Array.of(10, 100)))[0]!)).toBeAllClose([
      10, 20, 300, 400,
    ]);
  });
});

describe.each(['cpu', 'wasm', 'onnx', 'onnx-web'] as const)('results are separate values on %s', name => {
  it('even if a program returns its input, or one tensor twice', async () => {
    const other = await makeEngine(name);
    const before = other.live();
    const program = other.compile<number>((_w, [x, y], c) => {
      const sum = T.add(x!, c);
      return [sum, sum, y!];
    });
    const start = ['x', 'y'].map(() => other.put({ data: Float32Array.of(1), shape: [1] }));
    const [a, b, y] = await program.run(start, 1);
    const state = await program.iterate([a!, y!], [1]);
    other.free(b!, ...start);
    expect((await other.read(state[0]!))[0]).toBe(3);
    expect((await other.read(state[1]!))[0]).toBe(3);
    other.free(...state);
    await program.dispose();
    expect(other.live()).toBe(before);
  });
});

describe('errors', async () => {
  const { tf } = await import('../../src/tensor/tf.ts');
  const largest = (x: T.Tensor): T.Tensor => tf.topk(x as never, 1).values as never;
  const here = /^[^ ]*programs\.test\.ts:\d+:\d+: /;

  it('name an operation that cannot be compiled, and the line that called it', async () => {
    const program = engine.compile<null>((_w, [x]) => [largest(x!)]);
    const error = await Promise.resolve()
      .then(() => program.run([one([1, 2])], null))
      .catch((cause: Error) => cause);
    expect(error).toMatchObject({ message: expect.stringMatching(here) });
    expect(error).toMatchObject({ message: expect.stringMatching(/TopK cannot be compiled/) });
  });

  it('name the line that tries to read a traced value', async () => {
    const program = engine.compile<null>((_w, [x]) => [
      T.mul(x!, (x as unknown as { dataSync(): number[] }).dataSync()[0]!),
    ]);
    const error = await Promise.resolve()
      .then(() => program.run([one([1, 2])], null))
      .catch((cause: Error) => cause);
    expect(error).toMatchObject({ message: expect.stringMatching(here) });
    expect(error).toMatchObject({ message: expect.stringMatching(/read inside a traced program/) });
  });

  it('become one warning with engine `auto`, which runs the program on another engine', async () => {
    const said: string[] = [];
    const auto = await makeEngine('auto', { warn: message => void said.push(message) });
    const before = auto.live();
    const program = auto.compile<number>((_w, [x], c) => [T.mul(T.add(largest(x!), T.mul(x!, 0)), c)]);
    const x = auto.put({ data: Float32Array.of(1, 5, 2), shape: [3] });
    for (const c of [1, 2]) {
      const [y] = await program.run([x], c);
      expect(await auto.read(y!)).toBeAllClose([5 * c, 5 * c, 5 * c]);
      auto.free(y!);
    }
    const [end] = await program.iterate([x], [2, 3]);
    expect(await auto.read(end!)).toBeAllClose([30, 30, 30]);
    auto.free(end!);
    await program.dispose();
    expect(auto.live()).toBe(before);
    expect(said).toEqual([expect.stringMatching(/TopK cannot be compiled.*slower engine "wasm"/)]);
  });

  it('every operation that is traced can be compiled', () => {
    expect(Object.keys(kernelShapes).filter(kernel => !(kernel in lowerings))).toEqual([]);
  });

  it('refuse operations outside a program', () => {
    expect(() => T.exp({ shape: [1] } as unknown as T.Tensor)).toThrow(/inside a program/);
  });
});

describe('replay', () => {
  const text =
    (c: number) =>
    (_constants: T.Tensor[], [x]: T.Tensor[]) => [T.add(T.mul(x!, c), 1)];
  const traced = trace([], [[3]], text(2));
  const again = (program: ReturnType<typeof text>) =>
    replay(traced, () => program([], traced.symbols as T.Tensor[]));

  it('collects the numbers in the order in which they meet tensors', () => {
    expect(again(text(7))).toEqual([7, 1]);
  });

  it('is undefined for a program that leaves the branch, or ends before it', () => {
    expect(again((_c, [x]) => [T.add(x!, 1)])).toBeUndefined();
    expect(again((_c, [x]) => [T.mul(x!, 3)])).toBeUndefined();
  });
});
