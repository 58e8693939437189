/**
 * How close the solvers come to the data with the exact score of a mixture: the sliced Wasserstein distance
 * of 10,000 samples to fresh data, as a mean over five seeds and a multiple of the distance between two fresh
 * sets. Prints a Markdown table.
 */
import { makeEngine } from '../src/engine/index.ts';
import { slicedWasserstein } from '../src/quality/index.ts';
import { type GridName, makeGrid } from '../src/registry/grids.ts';
import { makeSde } from '../src/registry/sdes.ts';
import { makeSolver, type SolverName } from '../src/registry/solvers.ts';
import { mixtureModel } from '../src/score/analytic/index.ts';
import { sample } from '../src/solve/sample.ts';

const COUNT = 10_000;
const SEEDS = [1, 2, 3, 4, 5];
const MIXTURE = {
  weights: [0.2, 0.3, 0.5],
  means: [
    [-1.2, -0.6],
    [1.3, -0.4],
    [0, 0.9],
  ],
  stds: [0.15, 0.3, 0.2],
};
const CASES: readonly { solver: SolverName; steps?: number; grid?: GridName }[] = [
  { solver: 'euler-maruyama', steps: 1000 },
  { solver: 'reverse-diffusion', steps: 1000 },
  { solver: 'predictor-corrector', steps: 500 },
  { solver: 'heun', steps: 20, grid: 'karras' },
  { solver: 'rk45' },
  { solver: 'unipc', steps: 15, grid: 'log-snr' },
];

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const engine = await makeEngine('onnx');

console.log(
  '| SDE | solver | steps | evaluations | distance over that of fresh data |\n|---|---|---|---|---|',
);
for (const name of ['vp', 'sub-vp', 've'] as const) {
  const sde = await makeSde(name);
  const model = mixtureModel(MIXTURE, sde);
  const distance = (a: Parameters<typeof slicedWasserstein>[0], seed: number) =>
    slicedWasserstein(a, model.sample(COUNT, 1000 + seed), { seed });
  const floor = mean(SEEDS.map(seed => distance(model.sample(COUNT, seed), seed)));
  for (const { solver, steps, grid } of CASES) {
    const runs = [];
    for (const seed of SEEDS) {
      const options = { ...(steps && { steps }), ...(grid && { grid: makeGrid(grid) }) };
      runs.push(
        await sample({
          engine,
          sde,
          model,
          solver: makeSolver(solver),
          count: COUNT,
          seed,
          batch: 2048,
          ...options,
        }),
      );
    }
    const ratio = mean(runs.map((run, i) => distance(run, SEEDS[i]!))) / floor;
    const where = `${steps ?? 'adaptive'}${grid ? `, \`${grid}\`` : ''}`;
    console.log(`| ${name} | \`${solver}\` | ${where} | ${runs[0]!.evaluations} | ${ratio.toFixed(2)} |`);
  }
}
