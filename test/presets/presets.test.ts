import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { presets } from '../../src/presets/index.ts';
import { makeGrid } from '../../src/registry/grids.ts';
import { type PresetName, presetOf, samplingOf, sdeOfPreset } from '../../src/registry/presets.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { makeSolver } from '../../src/registry/solvers.ts';
import { gaussianModel, mixtureModel } from '../../src/score/analytic/index.ts';
import { timesOf } from '../../src/solve/grids.ts';
import { sample } from '../../src/solve/sample.ts';
import { fromHost } from '../../src/tensor/index.ts';
import { solve } from '../solvers/laboratory.ts';

const engine = await makeEngine('onnx');
const names = Object.keys(presets) as PresetName[];
const partsOf = async (name: PresetName) => {
  const preset = presets[name];
  const sde = await makeSde(sdeOfPreset(preset));
  const { steps, grid, solver } = samplingOf(preset);
  return {
    sde,
    steps,
    times: timesOf(sde, makeGrid(grid), steps, sde.tMax, sde.tMin),
    solver: makeSolver(solver),
  };
};

describe.each(names.map(name => [name]))('%s', name => {
  it('samples the data if the score is exact', async () => {
    const { sde, solver } = await partsOf(name);
    const model = mixtureModel({ weights: [0.3, 0.7], means: [[-1], [1]], stds: 0.3 }, sde);
    const { steps, grid } = samplingOf(presets[name]);
    const { data } = await sample({
      engine,
      sde,
      model,
      solver,
      steps,
      grid: makeGrid(grid),
      count: 4000,
      batch: 4000,
      seed: 1,
    });
    const share = data.reduce((sum, x) => sum + Number(x > 0), 0) / data.length;
    const right = data.filter(x => x > 0);
    const mean = right.reduce((sum, x) => sum + x, 0) / right.length;
    const std = Math.sqrt(right.reduce((sum, x) => sum + (x - mean) ** 2, 0) / right.length);
    expect(Math.abs(share - 0.7)).toBeLessThan(0.04);
    expect(Math.abs(mean - 1)).toBeLessThan(0.03);
    expect(Math.abs(std - 0.3)).toBeLessThan(0.03);
  });
});

describe('the numbers of the papers', () => {
  it('ddpm is the chain of 1000 steps: its times are k/N, and its ᾱ is the product of its 1 − β', async () => {
    const { sde, times } = await partsOf('ddpm');
    expect(times).toBeAllClose(
      Array.from({ length: 1000 }, (_, i) => 1 - i / 1000),
      1e-12,
    );
    let alphaBar = 1;
    for (let k = 1; k <= 1000; k++) {
      alphaBar *= 1 - (1e-4 + ((0.02 - 1e-4) * (k - 1)) / 999);
      if (k % 111 === 1)
        expect(Math.abs(sde.marginal(k / 1000).scale ** 2 / alphaBar - 1)).toBeLessThan(1e-10);
    }
    expect(alphaBar).toBeCloseTo(4.0358e-5, 9);
  });

  it('edm uses 35 evaluations on the levels of eq. 5', async () => {
    const { sde, times, solver, steps } = await partsOf('edm');
    const levels = Array.from(
      { length: 18 },
      (_, i) => (80 ** (1 / 7) + (i / 17) * (0.002 ** (1 / 7) - 80 ** (1 / 7))) ** 7,
    );
    expect(Array.from(times, t => sde.marginal(t).std)).toBeAllClose(levels, 2e-5);
    expect(steps * solver.evaluationsPerStep + 1).toBe(35);
  });

  it('the step rates of NCSN and NCSNv2 give the published signal-to-noise ratios', () => {
    const snr = (name: 'ncsn' | 'ncsnv2') =>
      (presets[name].solver.corrector as unknown as { snr: number }).snr;
    expect(snr('ncsn')).toBeCloseTo(0.316, 3);
    expect(snr('ncsnv2')).toBeCloseTo(0.176, 3);
  });

  it('an unknown preset is refused with the nearest one', () => {
    expect(() => presetOf('ddmp' as never)).toThrow(/Did you mean "ddpm"/);
  });
});

describe('the loop of NCSN', () => {
  it('is what the preset runs: every level, the largest included, 100 steps each', async () => {
    const { sde, times, solver } = await partsOf('ncsn');
    const model = gaussianModel({ mean: [0.75], std: 0.5 }, sde);
    const draw = (step: number, k: number) => Math.sin(7 * step + 1 + 3 * k);
    const path = ({ step }: { step: number }, shape: readonly number[]) => ({
      increment: () => {
        throw new Error('Langevin dynamics follows no path');
      },
      normal: (k: number) => fromHost(Float64Array.of(draw(step, k)), shape),
    });
    const [got] = await solve(sde, solver, times, [2], path, model);
    let x = 2;
    for (let level = 0; level < 10; level++) {
      const sigma = 0.01 ** (level / 9);
      const alpha = 2e-5 * (sigma / 0.01) ** 2;
      for (let i = 1; i <= 100; i++) {
        const score = (0.75 - x) / (0.25 + sigma * sigma);
        // withCorrector gives the i-th corrector step draw number i.
        x += alpha * score + Math.sqrt(2 * alpha) * draw(level, i);
      }
    }
    expect(Math.abs(got! - x)).toBeLessThan(1e-5 * Math.abs(x));
  });
});
