import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportsOf, root } from './exports.ts';

/** The doors of the package, each with a name that it must export. */
const DOORS: Readonly<Record<string, string>> = {
  'src/browser.ts': 'openRun',
  'src/index.ts': 'train',
  'src/plugin.ts': 'combine',
  'src/doors/chains.ts': 'runChains',
  'src/doors/compare.ts': 'compare',
  'src/doors/data.ts': 'openDataset',
  'src/doors/diagnosis.ts': 'diagnose',
  'src/doors/engine.ts': 'makeEngine',
  'src/doors/export.ts': 'exportOnnx',
  'src/doors/given.ts': 'equal',
  'src/doors/likelihood.ts': 'modelLogLikelihood',
  'src/doors/objectives.ts': 'makeObjective',
  'src/doors/presets.ts': 'presetOf',
  'src/doors/quality.ts': 'slicedWasserstein',
  'src/doors/report.ts': 'plotSamples',
  'src/doors/schedules.ts': 'cosineSchedule',
  'src/doors/score.ts': 'mixtureModel',
  'src/doors/sde.ts': 'vp',
  'src/doors/solvers.ts': 'heun',
  'src/doors/weights.ts': 'readWeights',
};

it('every door of the package is read here', () => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const doors = Object.values(exports as Record<string, { default?: string }>).flatMap(
    door => door.default ?? [],
  );
  expect(doors.map(file => file.replace('./dist/', '').replace(/js$/, 'ts')).sort()).toEqual(
    Object.keys(DOORS).sort(),
  );
});

describe.each(Object.entries(DOORS))('%s', (door, known) => {
  const given = exportsOf(door);

  it('the test finds names that a simple script would miss', () => {
    const names = given.map(({ name }) => name);
    expect(names).toContain(known);
  });

  it('exports nothing without a docstring', () => {
    const bare = given.filter(({ doc }) => !doc).map(({ name, file }) => `${name} (${file})`);
    expect([...new Set(bare)]).toEqual([]);
  });
});
