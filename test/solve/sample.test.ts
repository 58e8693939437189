import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { makeSolver } from '../../src/registry/solvers.ts';
import { mixtureModel } from '../../src/score/analytic/index.ts';
import { sample, transport } from '../../src/solve/sample.ts';

const engine = await makeEngine('onnx');
const sde = await makeSde('vp');
const mixture = {
  weights: [0.3, 0.7],
  means: [
    [-1, 0],
    [1, 0.5],
  ],
  stds: [0.2, 0.3],
};
const model = mixtureModel(mixture, sde);
const draw = (count: number, extra = {}) =>
  sample({ engine, sde, model, solver: makeSolver('euler-maruyama'), steps: 20, seed: 3, count, ...extra });
const rows = (x: { data: Float32Array }, from: number, to: number) =>
  Array.from(x.data.subarray(2 * from, 2 * to));

describe('sample i depends only on the seed and i', () => {
  it('has the same bits with any batch mates, in micro-batches of one size', async () => {
    const all = await draw(40, { batch: 8 });
    const few = await draw(3, { batch: 8 });
    const later = await draw(8, { batch: 8, first: 16 });
    expect(rows(few, 0, 3)).toEqual(rows(all, 0, 3));
    expect(rows(later, 0, 8)).toEqual(rows(all, 16, 24));
  });

  it('has the same bits for an adaptive solver, whose steps are its own', async () => {
    const solver = makeSolver('rk45');
    const all = await sample({ engine, sde, model, solver, seed: 3, count: 8, batch: 8 });
    const alone = await sample({ engine, sde, model, solver, seed: 3, count: 1, batch: 8 });
    expect(rows(alone, 0, 1)).toEqual(rows(all, 0, 1));
  });

  it('is equal to 1e-4 at batch 1, 7 and all at once', async () => {
    const all = await draw(21, { batch: 21 });
    for (const batch of [1, 7])
      expect(rows(await draw(21, { batch }), 0, 21)).toBeAllClose(rows(all, 0, 21), 1e-4);
  });

  it('changes with the seed', async () => {
    expect(rows(await draw(4, { seed: 4 }), 0, 4)).not.toEqual(rows(await draw(4), 0, 4));
  });
});

describe('memory', () => {
  it('stays constant over 10,000 steps, and returns to its start', async () => {
    const wasm = await makeEngine('wasm');
    // Prepared programs are kept for the next call.
    await draw(2, { engine: wasm, steps: 2, onState: () => {} });
    const before = wasm.live();
    const seen: number[] = [];
    const onState = () => void seen.push(wasm.live());
    await draw(2, { engine: wasm, steps: 10_000, onState });
    expect(seen).toHaveLength(10_001);
    expect(new Set(seen).size).toBe(1);
    expect(wasm.live()).toBe(before);
  });

  it.each(['wasm', 'onnx'] as const)('is completely free after an abort (%s)', async name => {
    const other = await makeEngine(name);
    await draw(4, { engine: other, steps: 500 });
    const before = other.live();
    const stop = new AbortController();
    const aborted = draw(4, {
      engine: other,
      steps: 500,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(aborted).rejects.toThrow(/abort/i);
    expect(other.live()).toBe(before);
  });
});

describe('the flow as a map', () => {
  it.each([
    [{ name: 'vp' }, 1e-5, 1e-3],
    [{ name: 'vp' }, 1e-6, 2e-4],
    [{ name: 'vp', schedule: 'sigmoid' }, 1e-6, 2e-4],
    [{ name: 'sub-vp' }, 1e-6, 2e-4],
    [{ name: 've' }, 1e-6, 2e-4],
    [{ name: 'rectified-flow' }, 1e-6, 2e-4],
    [{ name: 'vp', schedule: 'cosine' }, 1e-5, 4e-2],
    [{ name: 'vp', schedule: 'cosine' }, 1e-7, 1e-3],
  ] as const)(
    'decodes what it encoded, between two modes as well (%j, tolerance %d: to %d)',
    async (...row) => {
      const [spec, tolerance, bound] = row;
      const other = await makeSde(spec);
      const options = {
        engine,
        sde: other,
        model: mixtureModel(mixture, other),
        solver: makeSolver('rk45'),
        tolerances: { rtol: tolerance, atol: tolerance },
      };
      const x = { data: Float32Array.from([-1, 0.1, 0.9, 0.4, 1.2, 0.5, 0.1, 0.2]), shape: [4, 2] };
      const latents = await transport(options, x, 'encode');
      const back = await transport(options, latents, 'decode');
      expect(Math.max(...back.data.map((value, i) => Math.abs(value - x.data[i]!)))).toBeLessThan(bound);
    },
  );

  it('refuses a solver that draws noise', async () => {
    const options = { engine, sde, model, solver: makeSolver('euler-maruyama') };
    const x = { data: new Float32Array(2), shape: [1, 2] };
    await expect(transport(options, x, 'encode')).rejects.toThrow(/draws noise/);
  });
});

describe('an adaptive stochastic solver', () => {
  it('follows one Brownian path: a tighter tolerance gives nearly the same sample', async () => {
    const solver = makeSolver('gotta-go-fast');
    const run = (tolerance: number) =>
      sample({
        engine,
        sde,
        model,
        solver,
        seed: 3,
        count: 16,
        tolerances: { rtol: tolerance, atol: tolerance },
      });
    const [loose, tight] = [await run(1e-2), await run(1e-3)];
    const other = await sample({
      engine,
      sde,
      model,
      solver,
      seed: 4,
      count: 16,
      tolerances: { rtol: 1e-3, atol: 1e-3 },
    });
    const distance = (a: Float32Array, b: Float32Array) =>
      Math.sqrt(a.reduce((sum, v, i) => sum + (v - b[i]!) ** 2, 0) / a.length);
    expect(tight.evaluations).toBeGreaterThan(loose.evaluations);
    expect(distance(loose.data, tight.data)).toBeLessThan(0.3 * distance(other.data, tight.data));
  });
});
