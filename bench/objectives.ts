import { openDataset } from '../src/data/index.ts';
import { measure } from '../src/diagnosis/index.ts';
import { makeEngine } from '../src/engine/index.ts';
import { key } from '../src/random/index.ts';
import { exactScore } from '../src/run/train/objective.ts';
import type { TrainOptions } from '../src/run/train/options.ts';
import { train } from '../src/run/train/train.ts';
import { logLikelihood } from '../src/run/use/likelihood.ts';
import { toModel } from '../src/run/use/units.ts';
import { cells } from './cells.ts';

/**
 * Every objective on eight-gaussians, with the same network and the same number of steps: nats above the
 * truth on 2,000 fresh points, and the Fisher divergence (‖ε̂ − ε*‖²/D) at little, some and much noise. Means
 * over three seeds with standard errors. Prints the table of docs/score-matching.md:
 * `npm run bench:objectives`, with names of rows behind it for some of them, and `STEPS` in the environment
 * (default 3000).
 */

const data = 'eight-gaussians';
const steps = Number(process.env.STEPS ?? 3000);
const seeds = Array.from({ length: Number(process.env.SEEDS ?? 3) }, (_, i) => i);
/** Times even in log(σ/α) and all of one weight: the loss is the bound of KL(data ‖ model). */
const common = { batch: 256, learningRate: 0.002, weighting: 'likelihood' } as const;
const times = 'importance';
const engine = await makeEngine('onnx');
type Choice = readonly [name: string, options: Partial<TrainOptions>];
const choices: readonly Choice[] = [
  ['explicit', { objective: { name: 'explicit', times } }],
  ['denoising', { objective: { name: 'denoising', times } }],
  ['implicit', { objective: { name: 'implicit', times } }],
  ['sliced', { objective: { name: 'sliced', times } }],
  ['sliced, plain', { objective: { name: 'sliced', times, reduced: false } }],
  ['denoising, net energy', { objective: { name: 'denoising', times }, net: 'energy' }],
  ['denoising, times and weights of the default', { objective: 'denoising', weighting: 'simple' }],
];

const dataset = await openDataset(data);
const fresh = new Float64Array(2 * 2000);
dataset.read(
  fresh,
  key(99, 'bench'),
  Uint32Array.from({ length: 2000 }, (_, i) => i),
);
const x = { data: dataset.transform.inverse(fresh, new Float64Array(fresh.length)), shape: [2000, 2] };
let truth = 0;
for (let i = 0; i < 2000; i++) truth += dataset.logDensity!(x.data.subarray(2 * i, 2 * i + 2)) / 2000;

/** Nats above the truth, and the Fisher divergence where σ/α is next to 0.05, 0.5 and 5. */
async function scoresOf(options: Partial<TrainOptions>, seed: number): Promise<number[]> {
  const run = await train({ data, engine, steps, seed, ...common, ...options });
  const { mean } = await logLikelihood(run, x, { engine, tolerance: 1e-4 });
  const { levels } = await measure({
    engine,
    sde: run.sde,
    model: run.model,
    fresh: toModel(run.config, x),
    ...(exactScore(dataset, run.sde) as { exact: NonNullable<ReturnType<typeof exactScore>['exact']> }),
    levels: 20,
    points: 4000,
  });
  const near = (noise: number) =>
    levels.reduce((best, each) =>
      Math.abs(Math.log(each.noise / noise)) < Math.abs(Math.log(best.noise / noise)) ? each : best,
    ).fisher!.value;
  return [truth - mean, near(0.05), near(0.5), near(5)];
}

const names = process.argv.slice(2);
const rows: string[][] = [];
for (const [name, options] of choices.filter(([name]) => names.length === 0 || names.includes(name))) {
  const all: number[][] = [];
  for (const seed of seeds) all.push(await scoresOf(options, seed));
  const columns = all[0]!.map((_, j) => {
    const values = all.map(row => row[j]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
    return `${mean.toPrecision(2)} ± ${Math.sqrt(variance / values.length).toPrecision(1)}`;
  });
  rows.push([name, ...columns]);
  process.stderr.write(`${rows.at(-1)!.join(' | ')}\n`);
}
console.log(cells(['objective', 'nats above the truth', 'σ/α = 0.05', 'σ/α = 0.5', 'σ/α = 5'], rows));
process.exit(0);
