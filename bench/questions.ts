import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeEngine } from '../src/engine/index.ts';
import { writeNpy } from '../src/files/index.ts';
import { fillNormal, fillUniform, key } from '../src/random/index.ts';
import { train } from '../src/run/train/train.ts';
import { impute } from '../src/run/use/impute.ts';
import { logLikelihood } from '../src/run/use/likelihood.ts';
import { sample } from '../src/run/use/sample.ts';
import { cells } from './cells.ts';
import { csvOf, lawsOf, rowsOf } from './laws.ts';

/**
 * One network, every question: `npm run bench:questions -- FOLDER [orders] [mixed] [holes]`. Known laws of
 * 2,000 rows (ROWS in the environment), trained with `--conditional` and the other defaults. `orders`: log
 * p(a, b) against log p(b) + log p(a | b), and what the option costs. `mixed`: a law of numbers and two
 * categories. `holes`: 30 % of the cells removed; the means, deviations, intervals and CRPS of imputed cells,
 * from 200 draws (DRAWS). It writes the tables of holes for `python scripts/impute-yardsticks.py FOLDER`.
 */
const [folder, ...parts] = process.argv.slice(2);
if (!folder) throw new Error('Name a folder for the results');
mkdirSync(folder, { recursive: true });
const engine = await makeEngine('onnx');
const count = Number(process.env.ROWS ?? 2000);
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, v) => sum + v / values.length, 0);

const askedLaws = lawsOf(count);
const [gaussian, groups] = askedLaws;

/** log p(a, b) − log p(b) − log p(a | b) in all orders, and joint nats with and without `--conditional`. */
async function orders() {
  const table: string[][] = [];
  for (const law of askedLaws) {
    const path = join(folder!, `${law.name}.csv`);
    writeFileSync(path, csvOf(law, 0));
    const run = await train({ data: path, engine, conditional: true });
    const plain = await train({ data: path, engine });
    const n = 300;
    const x = { data: rowsOf({ ...law, count: n }, 9), shape: [n, law.size] };
    const names = Array.from({ length: law.size }, (_, d) => `x${d}`);
    const score = (options: object, of = run) =>
      logLikelihood(of, x, { engine, tolerance: 1e-4, ...options });
    const joint = await score({ of: names.slice(0, 2) });
    const gaps: { readonly row: number; readonly mean: number }[] = [];
    for (const a of names)
      for (const b of names.filter(name => name !== a)) {
        const both = await score({ of: [a, b] });
        const [margin, conditional] = [await score({ of: [b] }), await score({ of: [a], given: [b] })];
        const gap = both.logProbability.map(
          (value, i) => value - margin.logProbability[i]! - conditional.logProbability[i]!,
        );
        gaps.push({ row: mean(gap.map(Math.abs)), mean: Math.abs(mean(gap)) });
      }
    const [all, alone] = [(await score({})).mean, (await score({}, plain)).mean];
    const [rows, means] = [gaps.map(({ row }) => row), gaps.map(gap => gap.mean)];
    table.push([
      law.name,
      ...[mean(rows), Math.max(...rows), mean(means), Math.max(...means), all, alone].map(v => v.toFixed(3)),
    ]);
    process.stderr.write(`${table.at(-1)!.join(' ')} ${joint.mean}\n`);
  }
  const names = [
    'law',
    'gap of a row',
    'largest',
    'gap of means',
    'largest',
    'nats with --conditional',
    'without',
  ];
  console.log(cells(names, table));
}

const [C, D] = [
  ['red', 'green', 'blue'],
  ['yes', 'no'],
];
const PC = [0.5, 0.3, 0.2];
const PD = [0.2, 0.5, 0.9];
const CENTRE = [-2, 0.5, 2];

/** Numbers and two categories: c ~ PC, d | c ~ PD, x ~ N(CENTRE[c] + d, 0.7²), y = 0.5x + N(0, 1). */
function mixedRows(n: number, seed: number) {
  const [z, u] = [new Float32Array(2 * n), new Float64Array(2 * n)];
  fillNormal(z, key(seed, 'mixed'), { step: 0, first: 0, size: 2 });
  fillUniform(u, key(seed, 'mixed/u'), { step: 0, first: 0, size: 2 });
  return Array.from({ length: n }, (_, i) => {
    const c = u[2 * i]! < PC[0]! ? 0 : u[2 * i]! < PC[0]! + PC[1]! ? 1 : 2;
    const d = u[2 * i + 1]! < PD[c]! ? 1 : 0;
    const x = CENTRE[c]! + d + 0.7 * z[2 * i]!;
    return { x, y: 0.5 * x + z[2 * i + 1]!, c, d };
  });
}
const logNormal = (z: number, std: number) =>
  -0.5 * (z / std) ** 2 - Math.log(std) - 0.5 * Math.log(2 * Math.PI);
const logMixed = ({ x, y, c, d }: { x: number; y: number; c: number; d: number }) =>
  Math.log(PC[c]!) +
  Math.log(d === 1 ? PD[c]! : 1 - PD[c]!) +
  logNormal(x - CENTRE[c]! - d, 0.7) +
  logNormal(y - 0.5 * x, 1);

async function mixed() {
  const path = join(folder!, 'mixed.csv');
  const lines = mixedRows(count, 0).map(({ x, y, c, d }) => [x, y, C![c], D![1 - d]].join());
  writeFileSync(path, `x,y,c,d\n${lines.join('\n')}\n`);
  const run = await train({ data: path, engine, conditional: true });
  // Codes of categories are in the order of their names.
  const codes = { c: [...C!].sort(), d: [...D!].sort() };
  const fresh = mixedRows(500, 9);
  const x = {
    data: Float64Array.from(
      fresh.flatMap(({ x, y, c, d }) => [x, y, codes.c.indexOf(C![c]!), codes.d.indexOf(D![1 - d]!)]),
    ),
    shape: [500, 4],
  };
  const repeats = await Promise.all(
    [0, 1, 2, 3].map(seed => logLikelihood(run, x, { engine, seed, tolerance: 1e-4 })),
  );
  const truth = mean(fresh.map(logMixed));
  console.log(`bound ${mean(repeats.map(each => each.mean)).toFixed(3)}, truth ${truth.toFixed(3)}`);
  const drawn = await sample(run, { count: 100_000, engine });
  const at = (i: number, column: number) => drawn.data[4 * i + column]!;
  const all = Array.from({ length: 100_000 }, (_, i) => i);
  const invalid = all.filter(i => !(at(i, 2) in codes.c) || !(at(i, 3) in codes.d)).length;
  const rows = C!.flatMap((name, c) => {
    const own = all.filter(i => codes.c[at(i, 2)] === name);
    const share = own.filter(i => codes.d[at(i, 3)] === 'yes').length / own.length;
    return [[name, (own.length / all.length).toFixed(3), String(PC[c]), share.toFixed(3), String(PD[c])]];
  });
  console.log(`invalid categories in 10⁵ samples: ${invalid}`);
  console.log(cells(['c', 'share', 'truth', 'share of d = yes', 'truth'], rows));
}

/** 30 % of cells removed from training and test rows. */
async function holes() {
  for (const law of [gaussian, groups]) {
    const [train0, test] = [rowsOf(law, 0), rowsOf({ ...law, count: 400 }, 9)];
    const removed = (rows: Float64Array, seed: number) => {
      const u = new Float64Array(rows.length);
      fillUniform(u, key(seed, 'holes'), { step: 0, first: 0, size: law.size });
      return rows.map((value, i) => (u[i]! < 0.3 ? Number.NaN : value));
    };
    const [known, asked] = [removed(train0, 1), removed(test, 2)];
    const path = join(folder!, `${law.name}-holes.csv`);
    const names = Array.from({ length: law.size }, (_, d) => `x${d}`);
    const lines = Array.from({ length: count }, (_, i) =>
      [...known.subarray(i * law.size, (i + 1) * law.size)].map(v => (Number.isNaN(v) ? '' : v)).join(),
    );
    writeFileSync(path, `${names.join()}\n${lines.join('\n')}\n`);
    const run = await train({ data: path, engine, testFraction: 0 });
    const draws = Number(process.env.DRAWS ?? 200);
    const filled = await impute(run, { data: asked, shape: [400, law.size] }, { draws, engine });
    const npy = (name: string, data: Float64Array, shape: readonly number[]) =>
      writeFileSync(join(folder!, `${law.name}-${name}.npy`), writeNpy(data, [...shape]));
    npy('train', known, [count, law.size]);
    npy('asked', asked, [400, law.size]);
    npy('truth', test, [400, law.size]);
    npy('draws', Float64Array.from(filled.draws.data), [400, draws, law.size]);
    process.stderr.write(`${law.name}: ${filled.missing} cells\n`);
  }
}

const studies = { orders, mixed, holes } as const;
for (const [name, study] of Object.entries(studies))
  if (parts.length === 0 || parts.includes(name)) await study();
process.exit(0);
