import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { type GridSpec, makeGrid } from '../../src/registry/grids.ts';
import { optimisedGrid } from '../../src/registry/optimised-grid.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { makeSolver } from '../../src/registry/solvers.ts';
import { gaussianModel, mixtureModel } from '../../src/score/analytic/index.ts';
import { logSnr, type Sde } from '../../src/sde/index.ts';
import { localErrors } from '../../src/solve/local-error.ts';
import { sample } from '../../src/solve/sample.ts';
import { type TabledGrid, tabled } from '../../src/solve/tabled-grid.ts';

const engine = await makeEngine('onnx');
const sdes = await Promise.all(['vp', 'sub-vp', 've'].map(name => makeSde(name as never)));
const mixture = (sde: Sde) =>
  mixtureModel(
    {
      weights: [0.2, 0.3, 0.5],
      means: [
        [-1, 0.5],
        [0.3, -1.2],
        [0.9, 0.6],
      ],
      stds: 0.25,
    },
    sde,
  );

/** Rising levels from one end of an SDE to the other. */
const tableOf = (sde: Sde, parts: readonly number[]): TabledGrid => {
  const [bottom, top] = [logSnr(sde, sde.tMax), logSnr(sde, sde.tMin)];
  const total = parts.reduce((sum, part) => sum + part, 0);
  let sum = 0;
  const inner = parts.map(part => {
    sum += part;
    return bottom + (sum / total) * (top - bottom);
  });
  return { name: 'tabled', levels: [bottom, ...inner.slice(0, -1), top] };
};

describe('a grid from a table', () => {
  const parts = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 2, maxLength: 12 });

  it('visits its levels, and is monotone for any number of steps in either direction', () => {
    fc.assert(
      fc.property(fc.constantFrom(...sdes), parts, fc.integer({ min: 1, max: 40 }), (sde, sizes, steps) => {
        const table = tableOf(sde, sizes);
        const own = tabled(table)(sde, sizes.length, sde.tMax, sde.tMin);
        expect(Array.from(own, t => logSnr(sde, t))).toBeAllClose(table.levels, 1e-6);
        const down = tabled(table)(sde, steps, sde.tMax, sde.tMin);
        expect([down[0], down[steps], down.length]).toEqual([sde.tMax, sde.tMin, steps + 1]);
        expect(down.every((t, i) => i === 0 || t < down[i - 1]!)).toBe(true);
        const up = tabled(table)(sde, steps, sde.tMin, sde.tMax);
        expect(up).toBeAllClose([...down].reverse(), 1e-6);
      }),
    );
  });

  it('stays inside its part of the range', () => {
    const [sde] = sdes;
    const times = tabled(tableOf(sde!, [1, 2, 3]))(sde!, 7, 0.8, 0.1);
    expect([times[0], times[7]]).toEqual([0.8, 0.1]);
    expect(times.every((t, i) => i === 0 || t < times[i - 1]!)).toBe(true);
  });

  it('refuses levels that do not rise', () => {
    expect(() => tabled({ name: 'tabled', levels: [0, 1, 1] })).toThrow(/rising/);
  });
});

describe('the local error along the flow', () => {
  it('vanishes where the predicted data do not change, and is largest where a mixture splits', async () => {
    const [sde] = sdes;
    const still = await localErrors({
      engine,
      sde: sde!,
      model: gaussianModel({ mean: [0.5, 1], std: 0 }, sde!),
    });
    expect(Math.max(...still)).toBeLessThan(1e-5);
    const moving = await localErrors({ engine, sde: sde!, model: mixture(sde!) });
    const worst = moving.indexOf(Math.max(...moving)) / moving.length;
    expect(Math.max(...moving)).toBeGreaterThan(1e-4);
    expect(worst).toBeGreaterThan(0.2);
    expect(worst).toBeLessThan(0.8);
  });
});

describe('an optimised grid', () => {
  it.each(sdes.map(sde => [sde.name, sde] as const))(
    'brings fresh samples closer to the exact flow than every usual grid (%s)',
    async (_name, sde) => {
      const model = mixture(sde);
      const common = { engine, sde, model, count: 500, batch: 500, seed: 5 };
      const truth = await sample({ ...common, solver: makeSolver('rk45') });
      const solver = makeSolver({ name: 'dpm-solver++', order: 3 });
      const error = async (grid: GridSpec) => {
        const { data } = await sample({ ...common, solver, steps: 7, grid: makeGrid(grid) });
        return Math.sqrt(data.reduce((sum, v, i) => sum + (v - truth.data[i]!) ** 2, 0) / data.length);
      };
      const made = await optimisedGrid({ engine, sde, model, solver, steps: 7 });
      const usual = await Promise.all((['uniform', 'quadratic', 'log-snr', 'karras'] as const).map(error));
      const again = JSON.parse(JSON.stringify(made)) as TabledGrid;
      expect(await error(again)).toBeLessThan(0.7 * Math.min(...usual));
    },
  );

  it('beyond twenty steps is the grid of equal local errors', async () => {
    const [sde] = sdes;
    const model = mixture(sde!);
    const { levels } = await optimisedGrid({
      engine,
      sde: sde!,
      model,
      solver: makeSolver('heun'),
      steps: 30,
    });
    expect(levels.length).toBe(31);
    const sizes = levels.slice(1).map((level, i) => level - levels[i]!);
    expect(Math.max(...sizes) / Math.min(...sizes)).toBeGreaterThan(1.5);
  });

  it('refuses a solver that draws noise', async () => {
    const [sde] = sdes;
    const options = {
      engine,
      sde: sde!,
      model: mixture(sde!),
      solver: makeSolver('euler-maruyama'),
      steps: 5,
    };
    await expect(optimisedGrid(options)).rejects.toThrow(/deterministic/);
  });
});
