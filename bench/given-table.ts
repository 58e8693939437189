import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeEngine } from '../src/engine/index.ts';
import { equal } from '../src/measure/columns.ts';
import { slicedWasserstein } from '../src/quality/index.ts';
import type { Run } from '../src/run/run.ts';
import { train } from '../src/run/train/train.ts';
import { sample } from '../src/run/use/sample.ts';
import type { PlainTensor } from '../src/tensor/index.ts';
import { cells } from './cells.ts';
import { csvOf, type Law, lawsOf, rowsOf } from './laws.ts';

/**
 * One column of a table is known: `--given` on a run that learned p(x), by its particles, against a run with
 * `--conditional` and against the exact law: `npm run bench:given-table -- FOLDER`. 2,000 rows of known laws;
 * the first column of ten fresh rows is given. The number is the sliced Wasserstein distance of 1,000 draws
 * of the other columns to exact draws, over that between two sets of exact draws: 1 is right.
 */
const [folder] = process.argv.slice(2);
if (!folder) throw new Error('Name a folder for the tables');
mkdirSync(folder, { recursive: true });
const engine = await makeEngine('onnx');
const [DRAWS, QUESTIONS, POOL] = [1000, 10, 400_000];

/** The columns after the first of rows `[n, size]`. */
function others(rows: ArrayLike<number>, size: number, places: ArrayLike<number>): PlainTensor {
  const data = new Float32Array(places.length * (size - 1));
  for (let i = 0; i < places.length; i++)
    for (let d = 1; d < size; d++) data[i * (size - 1) + d - 1] = rows[places[i]! * size + d]!;
  return { data, shape: [places.length, size - 1] };
}
const all = Uint32Array.from({ length: DRAWS }, (_, i) => i);

/** Two sets of exact draws: of many rows, those whose first column is nearest to the value, in turns. */
function exactDraws(pool: Float64Array, size: number, value: number): [PlainTensor, PlainTensor] {
  const gap = (row: number) => Math.abs(pool[row * size]! - value);
  const near = Uint32Array.from({ length: pool.length / size }, (_, i) => i)
    .sort((a, b) => gap(a) - gap(b))
    .subarray(0, 2 * DRAWS);
  return [0, 1].map(part =>
    others(
      pool,
      size,
      near.filter((_, i) => i % 2 === part),
    ),
  ) as [PlainTensor, PlainTensor];
}

async function study(law: Law): Promise<string[][]> {
  const path = join(folder!, `${law.name}.csv`);
  writeFileSync(path, csvOf(law, 0));
  const plain = await train({ data: path, engine });
  const conditional = await train({ data: path, engine, conditional: true });
  const pool = rowsOf({ ...law, count: POOL }, 11);
  const asked = rowsOf({ ...law, count: QUESTIONS }, 9);
  const ways: readonly (readonly [string, Run, object])[] = [
    ['a run of p(x), `smc`', plain, { method: 'smc' }],
    ['a run of p(x), `mmps`', plain, { method: 'mmps' }],
    ['a run with `--conditional`', conditional, {}],
  ];
  const ratios = ways.map(() => [] as number[]);
  for (let n = 0; n < QUESTIONS; n++) {
    const value = asked[n * law.size]!;
    const [exact, other] = exactDraws(pool, law.size, value);
    const floor = slicedWasserstein(exact, other);
    for (const [i, [, run, options]] of ways.entries()) {
      const given = equal({ x0: value });
      const { data } = await sample(run, { given, count: DRAWS, seed: n, engine, ...options });
      ratios[i]!.push(slicedWasserstein(others(data, law.size, all), exact) / floor);
    }
  }
  return ways.map(([name], i) => {
    const mean = ratios[i]!.reduce((sum, ratio) => sum + ratio, 0) / QUESTIONS;
    const line = [law.name, name, mean.toFixed(2), Math.max(...ratios[i]!).toFixed(2)];
    process.stderr.write(`${line.join(' ')}\n`);
    return line;
  });
}

const lines: string[][] = [];
for (const law of lawsOf(2000)) lines.push(...(await study(law)));
console.log(cells(['law', 'answered by', 'mean', 'worst'], lines));
await engine.dispose();
