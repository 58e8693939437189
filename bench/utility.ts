import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDataset } from '../src/data/index.ts';
import { makeEngine } from '../src/engine/index.ts';
import { writeNpy } from '../src/files/index.ts';
import { train } from '../src/run/train/train.ts';
import { sample } from '../src/run/use/sample.ts';

/**
 * Train on samples, test on real rows: `npm run bench:utility -- FOLDER [NAMES]`. It trains on each table
 * with the defaults, draws as many samples as there are training rows, and writes training rows, samples and
 * test rows as .npy for `python scripts/utility-yardsticks.py FOLDER`. SPLITS (default 3) comes from the
 * environment.
 */
const [folder, ...names] = process.argv.slice(2);
if (!folder) throw new Error('Name a folder for the results');
mkdirSync(folder, { recursive: true });
const data = process.env.DATA ?? '../shared/data';
const splits = Number(process.env.SPLITS ?? 3);
/** Most samples. */
const most = 10_000;

/** Each table with the column that is predicted. */
const tables = [
  { name: 'pima', target: 'type' },
  { name: 'boston', target: 'medv' },
  { name: 'diamonds', target: 'price' },
];
const engine = await makeEngine('onnx');

async function split(name: string, target: string, seed: number) {
  const path = join(data, `${name}.csv`);
  const run = await train({ data: path, engine, seed, testFraction: 0.2 });
  const part = async (which: 'train' | 'test') =>
    (await openDataset(path, { seed, part: which, testFraction: 0.2, tables: { scaling: 'gaussian' } }))
      .all!();
  const rows = await part('train');
  const count = Math.min(most, rows.shape[0]!);
  const samples = await sample(run, { count, seed, engine });
  const npy = (
    which: string,
    { data: values, shape }: { data: ArrayLike<number>; shape: readonly number[] },
  ) =>
    writeFileSync(
      join(folder!, `${name}-${seed}-${which}.npy`),
      writeNpy(Float64Array.from(values), [...shape]),
    );
  npy('train', { data: rows.data.slice(0, count * rows.shape[1]!), shape: [count, rows.shape[1]!] });
  npy('samples', samples);
  npy('test', await part('test'));
  const { columns, kinds } = run.config.data;
  const at = columns!.indexOf(target);
  const categories = kinds!.map(({ kind }) => kind === 'category' || kind === 'yes-no');
  writeFileSync(join(folder!, `${name}.json`), JSON.stringify({ target: at, columns, categories }));
  process.stderr.write(`${name}, split ${seed}: ${count} samples\n`);
}

for (const { name, target } of tables.filter(each => names.length === 0 || names.includes(each.name)))
  for (let seed = 0; seed < splits; seed++) await split(name, target, seed);
process.exit(0);
