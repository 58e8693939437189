import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import type { Run } from '../../src/run/run.ts';
import { sampleDensity, temper } from '../../src/run/use/edit/density.ts';
import { interpolate } from '../../src/run/use/edit/interpolate.ts';
import { modes } from '../../src/run/use/edit/modes.ts';
import { reconstructionErrors, vary } from '../../src/run/use/edit/vary.ts';
import type { AnalyticModel } from '../../src/score/analytic/contract.ts';
import { gaussianModel, mixtureModel } from '../../src/score/analytic/index.ts';

const engine = await makeEngine('wasm');
const sde = await makeSde('vp');

/** A run whose model is exact, x = 10 + 2z in the first column and −1 + z/2 in the second. */
function exactRun(model: AnalyticModel): Run {
  const config = {
    data: { source: 'exact', shape: [2], columns: ['a', 'b'] },
    transform: { shift: [10, -1], scale: [2, 0.5], bins: false },
    objective: { name: 'denoising' },
  };
  return { config, sde, model, params: {}, losses: [] } as unknown as Run;
}
const rows = (...z: readonly (readonly [number, number])[]) => ({
  data: Float64Array.from(z.flatMap(([a, b]) => [10 + 2 * a, -1 + b / 2])),
  shape: [z.length, 2],
});
const z = (data: Float64Array, i: number) => [(data[2 * i]! - 10) / 2, (data[2 * i + 1]! + 1) * 2] as const;
const spread = [1, 0.6] as const;
const one = exactRun(gaussianModel({ mean: [0, 0], std: spread }, sde));
const two = exactRun(
  mixtureModel(
    {
      means: [
        [-1, 0],
        [1, 0],
      ],
      stds: 0.2,
      weights: [1, 3],
    },
    sde,
  ),
);

describe('samples with their densities', () => {
  it('have those of the closed form, in the units of the data', async () => {
    const { data, logProbability } = await sampleDensity(one, { count: 16, engine, tolerance: 1e-4 });
    for (let i = 0; i < 16; i++) {
      const [a, b] = z(data, i);
      const closed = -0.5 * (a ** 2 + (b / 0.6) ** 2) - Math.log(2 * Math.PI * 0.6) - Math.log(2 * 0.5);
      expect(Math.abs(logProbability[i]! - closed)).toBeLessThan(0.01);
    }
  });

  it('at a temperature have τ times the variance of a Gaussian', async () => {
    const options = {
      temperature: 0.5,
      count: 1000,
      candidates: 2000,
      engine,
      solver: 'heun',
      steps: 20,
    } as const;
    const { data, effectiveSampleSize } = await temper(one, options);
    let square = 0;
    for (let i = 0; i < 1000; i++) square += z(data, i)[0] ** 2 / 1000;
    expect(square).toBeGreaterThan(0.42);
    expect(square).toBeLessThan(0.58);
    // E[w]²/E[w²] for w ∝ p in two dimensions: (1/2)²/(1/3).
    expect(effectiveSampleSize / 2000).toBeCloseTo(0.75, 1);
    await expect(temper(one, { ...options, temperature: 0 })).rejects.toThrow(/above 0/);
  });
});

describe('edited rows', () => {
  it('between two go from one to the other on the shell of the latents', async () => {
    const { data } = await interpolate(one, rows([1, 0], [0, 0.6]), { count: 3, engine });
    const [first, middle, last] = [z(data, 0), z(data, 1), z(data, 2)];
    expect(first[0]).toBeCloseTo(1, 2);
    expect(last[1]).toBeCloseTo(0.6, 2);
    // Both are one standard deviation out, at a right angle: so is what lies between them.
    expect(Math.hypot(middle[0], middle[1] / 0.6)).toBeCloseTo(1, 2);
  });

  it('vary little under little noise, and anew under much', async () => {
    const x = rows([1, 0], [1, 0], [1, 0], [1, 0]);
    const apart = async (noise: number) => {
      const { data } = await vary(one, x, { noise, engine });
      return data.reduce((sum, value, i) => sum + Math.abs(value - x.data[i]!) / 8, 0);
    };
    expect(await apart(0.01)).toBeLessThan(0.02);
    expect(await apart(20)).toBeGreaterThan(0.2);
    await expect(apart(0)).rejects.toThrow(/noise has to be above 0/);
  });

  it('that are unlike the data move further', async () => {
    const [like, unlike] = await reconstructionErrors(two, rows([1, 0], [0, 2]), { engine });
    expect(unlike!).toBeGreaterThan(3 * like!);
  });

  it('have a mode near them', async () => {
    const { data } = await modes(two, rows([0.6, 0.3], [-0.7, -0.2]), { noise: 0.2, engine });
    expect(z(data, 0)[0]).toBeCloseTo(1, 2);
    expect(z(data, 0)[1]).toBeCloseTo(0, 2);
    expect(z(data, 1)[0]).toBeCloseTo(-1, 2);
    // From wide noise the heavier mode is found from anywhere.
    const wide = await modes(two, rows([-0.1, 0]), { noise: 5, engine });
    expect(z(wide.data, 0)[0]).toBeCloseTo(1, 2);
  });
});
