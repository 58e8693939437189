import { describe, expect, it } from 'vitest';
import { objectives } from '../../src/objectives/index.ts';
import { presets } from '../../src/presets/index.ts';
import { makeGrid } from '../../src/registry/grids.ts';
import { makeObjective, type ObjectiveSpec } from '../../src/registry/objectives.ts';
import { type PresetName, presetOf, samplingOf, sdeOfPreset } from '../../src/registry/presets.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { makeSolver } from '../../src/registry/solvers.ts';
import { gaussianModel } from '../../src/score/analytic/index.ts';
import { timesOf } from '../../src/solve/grids.ts';

describe.each(Object.keys(presets) as PresetName[])('preset %s', name => {
  const preset = presetOf(name);
  const { solver, grid, steps } = samplingOf(preset);
  const sdeOf = () => makeSde(sdeOfPreset(preset));

  it('is frozen plain JSON with a title that names its source', () => {
    expect(Object.isFrozen(preset)).toBe(true);
    expect(JSON.parse(JSON.stringify(preset))).toEqual(preset);
    expect(preset.title).toMatch(/\(.+ \d{4}/);
  });

  it('gives an SDE that is the same after storing and reading', async () => {
    const sde = await sdeOf();
    expect(sde.name).toBe(preset.sde.name);
    const again = await makeSde(JSON.parse(JSON.stringify(sde.spec)));
    for (const t of [sde.tMin, 0.3, 0.7, sde.tMax]) expect(again.marginal(t)).toEqual(sde.marginal(t));
    expect([again.tMin, again.tMax]).toEqual([sde.tMin, sde.tMax]);
  });

  it('gives a solver that supports its SDE, and a grid that fits it', async () => {
    const sde = await sdeOf();
    expect(makeSolver(solver).refuses?.(sde)).toBeUndefined();
    const times = timesOf(sde, makeGrid(grid), steps, sde.tMax, sde.tMin);
    expect([times[0], times[steps]]).toEqual([sde.tMax, sde.tMin]);
  });

  it('gives an objective whose times are in the range of the SDE', async () => {
    const sde = await sdeOf();
    const objective = makeObjective(
      preset.objective as ObjectiveSpec,
      sde,
      gaussianModel({ mean: [0] }, sde),
    );
    expect(Object.keys(objectives)).toContain(objective.name);
    expect(objective.name).toBe(preset.objective.name);
    const times = objective.times(0, 0, 64);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...times)).toBeLessThanOrEqual(sde.tMax);
  });
});
