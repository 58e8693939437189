import { afterAll, describe, expect, it } from 'vitest';
import { type EngineName, engines, makeEngine, tryEngine } from '../../src/engine/index.ts';
import { LangevinError } from '../../src/errors.ts';
import { COLUMNS, compute, growing, input, one, ROWS, SAMPLE, Y } from '../support/engine-programs.ts';

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
