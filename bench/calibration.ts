import { makeEngine } from '../src/engine/index.ts';
import { LEVELS } from '../src/guide/calibration.ts';
import { makeSde } from '../src/registry/sdes.ts';
import type { Run } from '../src/run/run.ts';
import { type CalibrateOptions, calibrate, type RunCalibration } from '../src/run/use/given/calibrate.ts';
import type { AnalyticModel } from '../src/score/analytic/contract.ts';
import { gaussianModel, mixtureModel } from '../src/score/analytic/index.ts';
import { table } from './table.ts';

/**
 * Does `calibrate` pass a right sampler, and catch wrong ones? Exact models of two columns, a question about
 * their sum with an error of 0.5, 200 truths and 31 draws of each, with one seed after another.
 *
 *     npm run bench:calibration -- 100 5      seeds of the right sampler, and of every other
 */
const [rightSeeds = 20, otherSeeds = 5] = process.argv.slice(2).map(Number);
const engine = await makeEngine('onnx');
const sde = await makeSde('vp');

/** A run whose model is exact, in its own units. */
function exactRun(model: AnalyticModel): Run {
  const config = {
    data: { source: 'exact', shape: [2], columns: ['a', 'b'] },
    transform: { shift: [0, 0], scale: [1, 1], bins: false },
    objective: {},
  };
  return { config, sde, model, params: {}, losses: [] } as unknown as Run;
}
const covariance = [1, 0.6, 0.6, 0.8];
const gaussian = exactRun(gaussianModel({ mean: [0.2, -0.1], covariance }, sde));
const modes = { means: [[-1.2, -0.6] as number[], [1.2, 0.6] as number[]], stds: 0.3 };
const twoModes = exactRun(mixtureModel(modes, sde));

/** Rows of a law whose first column has another mean: the model's prior is biased by half a deviation. */
const biased = (seed: number) => gaussianModel({ mean: [0.7, -0.1], covariance }, sde).sample(200, seed);

interface Case {
  readonly name: string;
  readonly run: Run;
  readonly seeds: number;
  readonly options: (seed: number) => Partial<CalibrateOptions>;
}
const cases: readonly Case[] = [
  {
    name: 'mmps on a Gaussian: right',
    run: gaussian,
    seeds: rightSeeds,
    options: () => ({ method: 'mmps' }),
  },
  {
    name: 'guidance × 3',
    run: gaussian,
    seeds: otherSeeds,
    options: () => ({ method: 'mmps', weight: 3 }),
  },
  { name: 'dps on two modes', run: twoModes, seeds: otherSeeds, options: () => ({ method: 'dps' }) },
  {
    name: 'a biased prior',
    run: gaussian,
    seeds: otherSeeds,
    options: seed => ({ method: 'mmps', data: biased(seed) }),
  },
  { name: 'smc on two modes: right', run: twoModes, seeds: otherSeeds, options: () => ({ method: 'smc' }) },
];

const rows: string[][] = [];
for (const { name, run, seeds, options } of cases) {
  if (seeds === 0) continue;
  const start = performance.now();
  const results: RunCalibration[] = [];
  for (let seed = 0; seed < seeds; seed++)
    results.push(
      await calibrate(run, { given: 'a + b = ? ± 0.5', engine, seed: 1000 * seed, ...options(seed) }),
    );
  const passes = results.filter(({ pValue }) => pValue > 0.01).length;
  const coverage = LEVELS.map((_, k) => results.reduce((sum, one) => sum + one.coverage[k]!, 0) / seeds);
  rows.push([
    name,
    `${passes} of ${seeds}`,
    ...coverage.map(share => (100 * share).toFixed(1)),
    ((performance.now() - start) / 1000 / seeds).toFixed(1),
  ]);
}
await engine.dispose();
console.log(table(['answers', 'pass (p > 0.01)', 'in 50 %', 'in 80 %', 'in 95 %', 'seconds'], rows));
