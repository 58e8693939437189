import { openRows, type Rows } from '../src/cli/work/rows.ts';
import { makeEngine } from '../src/engine/index.ts';
import type { Run } from '../src/run/run.ts';
import type { TrainOptions } from '../src/run/train/options.ts';
import { train } from '../src/run/train/train.ts';
import { logLikelihood } from '../src/run/use/likelihood.ts';
import type { Prediction } from '../src/score/contract.ts';
import { cells } from './cells.ts';

/**
 * The effect of the choices of training on eight-gaussians: nats above the truth on 2,000 fresh points, and
 * the evaluations of `rk45` at tolerance 1e-4. Prints the tables of docs/how-to-choose.md: `npm run
 * bench:choices`.
 */

const data = 'eight-gaussians';
const engine = await makeEngine('onnx');
type Choice = readonly [name: string, options: Partial<TrainOptions>];

const edm = (options?: { rho: number }) => ({ name: 've', schedule: { name: 'edm', ...options } }) as const;
const sdes: readonly Choice[] = [
  ['--sde vp', {}],
  ['--sde vp --schedule cosine', { sde: { name: 'vp', schedule: 'cosine' } }],
  ['--sde sub-vp', { sde: 'sub-vp' }],
  ['--sde ve', { sde: 've' }],
  ['--sde ve --schedule edm', { sde: edm() }],
  ['--sde ve --schedule edm --schedule-options rho=7', { sde: edm({ rho: 7 }) }],
  ['--sde rectified-flow', { sde: 'rectified-flow' }],
];
const predicting = (predicts: Prediction): Partial<TrainOptions> => ({ net: { name: 'mlp', predicts } });
const withTimes = (times: 'log-normal' | 'importance') => ({
  objective: { name: 'denoising' as const, times },
});
const losses: readonly Choice[] = [
  ['--predicts noise', predicting('noise')],
  ['--predicts score', predicting('score')],
  ['--predicts data', predicting('data')],
  ['--weighting noise', { weighting: 'noise' }],
  ['--objective-options times=log-normal', withTimes('log-normal')],
  ['--weighting likelihood', { weighting: 'likelihood' }],
  [
    '--weighting likelihood --objective-options times=importance',
    { weighting: 'likelihood', ...withTimes('importance') },
  ],
];

const trainWith = (options: Partial<TrainOptions>) =>
  train({ data, engine, steps: 5000, batch: 256, learningRate: 0.002, ...options });

function truthOf({ dataset, read }: Rows): number {
  const { data: x, shape } = read();
  const [count, size] = shape as [number, number];
  let sum = 0;
  for (let i = 0; i < count; i++)
    sum += dataset.logDensity!(Float64Array.from(x.subarray(i * size, (i + 1) * size)));
  return sum / count;
}

async function score(run: Run, tolerance = 1e-4) {
  const rows = await openRows(data, run.config, { count: 2000, seed: 0 });
  const { mean, evaluations } = await logLikelihood(run, rows.read(), { engine, tolerance });
  return { gap: truthOf(rows) - mean, evaluations };
}

async function table(choices: readonly Choice[]): Promise<void> {
  const rows: string[][] = [];
  for (const [name, options] of choices) {
    const { gap, evaluations } = await score(await trainWith(options));
    rows.push([`\`${name}\``, gap.toPrecision(2), `${evaluations}`]);
    process.stderr.write(`${rows.at(-1)!.join(' ')}\n`);
  }
  console.log(`${cells(['', 'nats above the truth', 'evaluations'], rows)}\n`);
}

await table(sdes);
await table(losses);
const run = await trainWith({});
const tolerances: string[][] = [];
for (const tolerance of [1e-2, 1e-3, 1e-4, 1e-5, 1e-6]) {
  const { gap, evaluations } = await score(run, tolerance);
  tolerances.push([tolerance.toExponential(0), `${evaluations}`, gap.toFixed(4)]);
}
console.log(cells(['`--tolerance`', 'evaluations', 'nats above the truth'], tolerances));
process.exit(0);
