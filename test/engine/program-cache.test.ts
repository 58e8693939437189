import { describe, expect, it } from 'vitest';
import type { Engine, Program } from '../../src/engine/index.ts';
import { makeEngine } from '../../src/engine/index.ts';
import { compileCached } from '../../src/engine/program-cache.ts';
import { sharedEngine } from '../../src/engine/shared.ts';
import { add, matmul, mul } from '../../src/tensor/index.ts';

/** Constant weights, whose products with ones are `sum`. */
const weightsOf = (side: number, sum = 1) => [
  { data: new Float32Array(side * side).fill(sum / side), shape: [side, side] },
];
const times: Program<number> = ([w], [x], by) => [mul(matmul(x!, w!), by)];
const plus: Program<number> = ([w], [x], by) => [add(matmul(x!, w!), by)];

/** An engine that counts what it compiles, and says that programs of many weights hold many numbers. */
async function counting(name: 'onnx' | 'wasm') {
  const engine = await makeEngine(name);
  const compiled = { count: 0 };
  const compile: Engine['compile'] = (program, weights) => {
    compiled.count++;
    const numbers = () => (weights![0]!.data.length > 4 ? 2 ** 25 : 1);
    return { ...engine.compile(program, weights), numbers };
  };
  return { engine: { ...engine, compile }, compiled };
}

async function call(engine: Engine, program: Program<number>, weights = weightsOf(2), by = 2, rows = 1) {
  const side = weights[0]!.shape[0]!;
  const made = compileCached(engine, 'call', program, weights);
  const x = engine.put({ data: new Float32Array(rows * side).fill(1), shape: [rows, side] });
  const [y] = await made.run([x], by);
  const values = await engine.read(y!);
  engine.free(x, y!);
  await made.dispose();
  return values[0];
}

describe.each(['onnx', 'wasm'] as const)('programs kept by %s', name => {
  it('serve the next program of their kind, with any function and numbers', async () => {
    const { engine, compiled } = await counting(name);
    const weights = weightsOf(2);
    expect(await call(engine, times, weights, 2)).toBe(2);
    const alive = engine.live();
    expect(await call(engine, times, weights, 3)).toBe(3);
    expect(await call(engine, plus, weights, 3)).toBe(4);
    expect(await Promise.all([5, 6, 7].map(by => call(engine, times, weights, by)))).toEqual([5, 6, 7]);
    expect(compiled.count).toBe(1);
    expect(engine.live()).toBe(alive);
    expect(await call(engine, times, weightsOf(2), 2), 'equal weights').toBe(2);
    expect(compiled.count).toBe(1);
    expect(await call(engine, times, weightsOf(2, 3), 2)).toBe(6);
    await call(engine, times, weights, 2, 3);
    expect(compiled.count, 'other weights, and other forms of the input').toBe(3);
    await engine.dispose();
  });

  it('are as many as fit the budget, the last used ones, and always at least one', async () => {
    const { engine, compiled } = await counting(name);
    const large = [1, 2, 3].map(sum => weightsOf(3, sum));
    const before = engine.live();
    for (let i = 0; i < 80; i++) await call(engine, times, weightsOf(1, i));
    expect(engine.live() - before).toBeLessThanOrEqual(64);
    for (const weights of large) await call(engine, times, weights);
    await call(engine, times, large[2]);
    expect(compiled.count, 'the last used stays').toBe(83);
    expect(engine.live() - before, 'and what it leaves room for').toBe(2);
    await engine.dispose();
  });
});

describe('an engine', () => {
  const threads = () => (process.report.getReport() as unknown as { workers: unknown[] }).workers.length;

  it('is shared if nobody made one, and made again if it has ended', async () => {
    const [one, other] = await Promise.all([sharedEngine(), sharedEngine()]);
    expect(other).toBe(one);
    expect(await sharedEngine('wasm')).not.toBe(one);
    await one.dispose();
    const anew = await Promise.all([sharedEngine(), sharedEngine()]);
    expect(anew[0]).not.toBe(one);
    expect(anew[1]).toBe(anew[0]);
    expect(await call(anew[0], times)).toBe(2);
  });

  it('ends with its threads, after its pending work', async () => {
    const before = threads();
    const engine = await makeEngine('onnx', { threads: 2 });
    const program = engine.compile(times, weightsOf(2));
    const x = { data: Float32Array.of(1, 1), shape: [1, 2] };
    const results = [undefined, 0, 1].map(lane => program.run([x], 2, lane));
    await Promise.all(results);
    expect(threads()).toBe(before + 2);
    const last = program.run([x], 5);
    await engine.dispose();
    expect(await engine.read((await last)[0]!)).toEqual(Float32Array.of(5, 5));
    expect(engine.ended()).toBe(true);
    await expect.poll(threads).toBe(before);
    await expect(program.run([x], 2)).rejects.toThrow(/disposed of.*makeEngine/s);
    await program.dispose();
    await engine[Symbol.asyncDispose]();
  });
});
