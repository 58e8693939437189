import { estimate } from '../src/compare/estimate.ts';
import { analyticTarget, type Target } from '../src/compare/index.ts';
import { toys } from '../src/data/index.ts';
import { makeEngine } from '../src/engine/index.ts';
import { makeGrid } from '../src/registry/grids.ts';
import { makeSde } from '../src/registry/sdes.ts';
import { makeSolver } from '../src/registry/solvers.ts';
import { type Cloud, plotClouds, writePicture } from '../src/report/index.ts';
import { type SampleOptions, sample } from '../src/solve/sample.ts';
import type { PlainTensor } from '../src/tensor/index.ts';
import { cells, plusMinus } from './cells.ts';

/**
 * The weights of two modes, 0.99 and 0.01, as Langevin dynamics and the reverse SDE sample them: a table and
 * a picture.
 */
const engine = await makeEngine('onnx');
const sde = await makeSde({ name: 've', schedule: { name: 'geometric', sigmaMin: 0.2, sigmaMax: 20 } });
const target: Target = analyticTarget('two-gaussians', sde);
const { mean, std } = toys['two-gaussians'];
const [count, seeds] = [20_000, [1, 2, 3, 4, 5]];

/** Samples in the units of the data. */
const original = ({ data, shape }: PlainTensor): PlainTensor => ({
  data: data.map((z, i) => mean[i % 2]! + std[i % 2]! * z),
  shape,
});
const minor = ({ data }: PlainTensor) => {
  let inMinor = 0;
  for (let i = 0; i < data.length; i += 2) inMinor += Number(data[i]! + data[i + 1]! > 0);
  return inMinor / (data.length / 2);
};

const dynamics = (snr: number, steps: number) =>
  makeSolver({
    name: 'predictor-corrector',
    predictor: 'none',
    corrector: { name: 'annealed-langevin', snr },
    steps,
  });
type Sampler = readonly [name: string, options: Omit<SampleOptions, 'engine' | 'sde' | 'model' | 'count'>];
const plain = { grid: makeGrid('levels'), steps: 1, tMax: sde.tMin * 1.0001, denoise: false } as const;
const samplers: readonly Sampler[] = [
  ['Langevin on the data, 1000 steps', { solver: dynamics(0.5, 1000), ...plain }],
  ['annealed Langevin, 40 levels × 5', { solver: dynamics(0.15, 5), grid: makeGrid('levels'), steps: 40 }],
  ['annealed Langevin, 200 levels × 5', { solver: dynamics(0.15, 5), grid: makeGrid('levels'), steps: 200 }],
  ['annealed Langevin, 800 levels × 5', { solver: dynamics(0.15, 5), grid: makeGrid('levels'), steps: 800 }],
  [
    'reverse SDE, Euler-Maruyama, 200 steps',
    { solver: makeSolver('euler-maruyama'), grid: makeGrid('log-snr'), steps: 200 },
  ],
  [
    'reverse SDE, stochastic Heun, 100 steps',
    { solver: makeSolver('gotta-go-fast'), grid: makeGrid('log-snr'), steps: 100 },
  ],
  [
    'probability flow, `unipc`, 20 steps',
    { solver: makeSolver('unipc'), grid: makeGrid('log-snr'), steps: 20 },
  ],
];

const rows: string[][] = [];
const clouds: Cloud[] = [
  { title: 'data', subtitle: 'weights 0.99 and 0.01', x: original(target.data(count, 0, 0)), data: true },
];
const shortNames = new Map([
  [samplers[0]![0], 'Langevin'],
  [samplers[3]![0], 'annealed Langevin'],
  [samplers[4]![0], 'reverse SDE'],
]);
for (const [name, options] of samplers) {
  const shares: number[] = [];
  let evaluations = 0;
  for (const seed of seeds) {
    const result = await sample({ engine, sde, model: target.model, count, batch: 5000, seed, ...options });
    const samples = original(result);
    shares.push(minor(samples));
    evaluations = result.evaluations;
    const title = shortNames.get(name);
    if (seed === seeds[0] && title) {
      clouds.push({ title, subtitle: `small mode: ${shares[0]!.toFixed(3)}`, x: samples });
    }
  }
  rows.push([name, `${evaluations}`, plusMinus(estimate(shares))]);
  process.stderr.write(`${name}: ${plusMinus(estimate(shares))}\n`);
}
console.log(cells(['sampler', 'evaluations', 'weight of the small mode (exact: 0.0100)'], rows));
await writePicture('docs/weights-of-modes.png', await plotClouds(clouds));
