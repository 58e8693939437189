import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OpenOptions, openDataset } from '../src/data/index.ts';
import { makeEngine } from '../src/engine/index.ts';
import { writeNpy } from '../src/files/index.ts';
import { meanOf } from '../src/math/mean.ts';
import { fillUniform, key } from '../src/random/index.ts';
import type { TrainOptions } from '../src/run/train/options.ts';
import { train } from '../src/run/train/train.ts';
import { EVEN_DRAWS, turnDraws } from '../src/run/use/even-draws.ts';
import { logLikelihood } from '../src/run/use/likelihood.ts';
import { csvOf, laws } from './laws.ts';

/**
 * Held-out nats a row of models trained with the defaults, on real tables and small laws, five splits each:
 * `npm run bench:tables -- FOLDER [NAMES] `. It writes FOLDER/results.jsonl, and the rows of each split as
 * .npy for `python scripts/table-yardsticks.py FOLDER`, which fits a Gaussian, mixtures and kernel densities
 * to the same rows and prints the table of docs/tables.md. SPLITS (default 5), FIRST (the seed of the first,
 * 0) and OPTIONS (JSON options of `train`) come from the environment.
 */
const [folder, ...names] = process.argv.slice(2);
if (!folder) throw new Error('Name a folder for the results');
mkdirSync(folder, { recursive: true });
const splits = Number(process.env.SPLITS ?? 5);
const first = Number(process.env.FIRST ?? 0);
const options = JSON.parse(process.env.OPTIONS ?? '{}') as Partial<TrainOptions>;
const data = process.env.DATA ?? '../shared/data';
const most = 1000;

interface Table {
  readonly name: string;
  readonly path: string;
  /** Columns of text, which the yardsticks cannot take. */
  readonly exclude?: readonly string[];
  /** Keep complete rows only. */
  readonly missing?: 'drop';
}

const tables: Table[] = [
  { name: 'iris', path: join(data, 'iris.csv'), exclude: ['species'] },
  { name: 'diabetes', path: join(data, 'diabetes.csv'), exclude: ['sex'] },
  { name: 'boston', path: join(data, 'boston.csv'), exclude: ['chas'] },
  { name: 'pima', path: join(data, 'pima.csv'), exclude: ['type'], missing: 'drop' },
  { name: 'digits', path: join(data, 'digits.csv'), exclude: ['label'] },
  { name: 'diamonds', path: join(data, 'diamonds.csv'), exclude: ['cut', 'color', 'clarity'] },
  ...laws.map(law => {
    const path = join(folder, `${law.name}.csv`);
    writeFileSync(path, csvOf(law, 0));
    return { name: law.name, path };
  }),
];

const engine = await makeEngine('onnx');

async function split({ name, path, ...read }: Table, seed: number) {
  const start = performance.now();
  const run = await train({ data: path, engine, seed, ...read, ...options });
  const seconds = (performance.now() - start) / 1000;
  const open = (part: 'train' | 'test') =>
    openDataset(path, {
      ...(read as OpenOptions),
      seed,
      part,
      testFraction: 0.2,
      tables: { scaling: 'auto' },
    });
  const parts = { train: await open('train'), test: await open('test') };
  let atoms = 0;
  for (const [part, dataset] of Object.entries(parts)) {
    const { data: rows } = dataset.all!();
    const { transform } = dataset;
    // The yardsticks score the even draws of a test row too, over which the density of a model is averaged.
    const draws = part === 'test' ? EVEN_DRAWS.end : 1;
    for (let draw = 0; draw < draws; draw++) {
      const u = new Float64Array(dataset.count * transform.size);
      fillUniform(u, key(seed, part), { step: 0, first: 0, size: transform.size });
      turnDraws(u, new Float64Array(dataset.count).fill(draw / draws), transform.size);
      const points = transform.steps ? transform.spread(Float64Array.from(rows), u) : Float64Array.from(rows);
      if (part === 'test' && transform.kind === 'table')
        atoms = meanOf(transform.logCells(rows, points).subarray(0, most));
      writeFileSync(
        join(folder!, `${name}-${seed}-${part}${draw || ''}.npy`),
        writeNpy(points, [dataset.count, points.length / dataset.count]),
      );
    }
  }
  const all = parts.test.all!();
  const count = Math.min(most, all.shape[0]!);
  const width = all.shape[1]!;
  const x = { data: all.data.slice(0, count * width), shape: [count, width] };
  const { mean, standardError } = await logLikelihood(run, x, { engine, seed });
  const { points = [], best, stopped } = run.validation ?? {};
  return {
    name,
    seed,
    nats: mean,
    standardError,
    // What the yardsticks gain too: the lengths over which shared ends are spread.
    atoms,
    count,
    seconds,
    steps: run.losses.at(-1)!.step,
    best,
    stopped,
    start: points[0]?.nats,
  };
}

for (const table of tables.filter(({ name }) => names.length === 0 || names.includes(name)))
  for (let seed = first; seed < first + splits; seed++) {
    const result = await split(table, seed);
    appendFileSync(join(folder, 'results.jsonl'), `${JSON.stringify(result)}\n`);
    process.stderr.write(`${JSON.stringify(result)}\n`);
  }
process.exit(0);
