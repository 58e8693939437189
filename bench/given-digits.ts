import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finiteDataset, openDataset } from '../src/data/index.ts';
import { makeEngine } from '../src/engine/index.ts';
import { placeOf } from '../src/guide/calibration.ts';
import type { Measurement } from '../src/measure/contract.ts';
import { blur, downsample, mask } from '../src/measure/pictures.ts';
import { readLinear } from '../src/measure/read.ts';
import { fillNormal, key } from '../src/random/index.ts';
import { imageGrid, writePicture } from '../src/report/index.ts';
import { openRun } from '../src/run/run.ts';
import { train } from '../src/run/train/train.ts';
import { sample } from '../src/run/use/sample.ts';
import { table } from './table.ts';

/**
 * Digits of 8 × 8 pixels by a network trained here: half of each picture hidden, its means of 2 × 2 pixels,
 * and blurred. The error of the mean of the draws, in levels of 16, and how often the central 80 % of the
 * draws hold a pixel, for every method. Rows that were kept from training.
 *
 *     npm run bench:given-digits -- ../shared/data/digits.csv FOLDER       trains into FOLDER, unless it is
 * there
 *     npm run bench:given-digits -- ../shared/data/digits.csv FOLDER 0     one of the tasks, 0 to 2
 *
 * FOLDER/answers.png has the tasks that were done: the truth, what was measured of it, four draws of `pigdm`,
 * their mean and their standard deviation (white is half the range).
 */
const [file = '../shared/data/digits.csv', folder = 'digits-run', only] = process.argv.slice(2);
const engine = await makeEngine('onnx');
const pixels = Array.from({ length: 64 }, (_, i) => `p${i}`);
const table64 = await openDataset(file, { columns: pixels });
const all = table64.all!();
const digits = (part: 'train' | 'test') =>
  finiteDataset(
    'digits',
    { where: file, values: all.data, count: all.shape[0]!, shape: [8, 8] },
    { part, dequantize: true, scaling: 'symmetric' },
  );
const out = join(folder, 'run');
if (!existsSync(out))
  await train({
    data: digits('train'),
    net: { name: 'mlp', width: 256, depth: 3 },
    steps: 6000,
    batch: 256,
    engine,
    out,
  });
const run = await openRun(out);
const [count, draws] = [12, 24];
const held = digits('test').all!().data;
const truth = (n: number) => held.slice(n * 7 * 64, (n * 7 + 1) * 64).map(level => level + 0.5);

const half = { data: Float64Array.from({ length: 64 }, (_, i) => Number(i % 8 < 4)), shape: [8, 8] };
const std = 0.5;
/** A measurement of zeros: what its matrix reads of a picture is put into it afterwards. */
const tasks: Readonly<Record<string, (values: Float64Array) => Measurement>> = {
  'right half hidden': values => mask({ data: values, shape: [8, 8] }, half, { std }),
  'means of 2 × 2': values => downsample(2, { data: values, shape: [4, 4] }, { std }),
  'blurred by 1 pixel': values => blur(1, { data: values, shape: [8, 8] }, { std }),
};

/** What a task reads of a picture, with errors. */
function observed(name: string, x: Float64Array, n: number): Float64Array {
  const noise = new Float32Array(64);
  fillNormal(noise, key(3, name), { step: 0, first: n, size: 64 });
  const read = name.startsWith('right') ? x : readLinear(filterOf(name), x);
  return read.map((value, i) => value + std * noise[i]!);
}

/** The rows of a filter: its answers to unit pictures. */
function filterOf(name: string): Float64Array {
  if (name.startsWith('means')) {
    const rows = new Float64Array(16 * 64);
    for (let i = 0; i < 64; i++) rows[(Math.floor(i / 16) * 4 + Math.floor((i % 8) / 2)) * 64 + i] = 0.25;
    return rows;
  }
  const taps = (i: number) => {
    const row = new Float64Array(8);
    for (let k = -4; k <= 4; k++) {
      const j = Math.max(0, Math.min(7, i + k));
      row[j] = row[j]! + Math.exp(-0.5 * k * k);
    }
    const total = row.reduce((sum, value) => sum + value, 0);
    return row.map(value => value / total);
  };
  const rows = new Float64Array(64 * 64);
  for (let i = 0; i < 64; i++)
    for (let j = 0; j < 64; j++)
      rows[i * 64 + j] = taps(Math.floor(i / 8))[Math.floor(j / 8)]! * taps(i % 8)[j % 8]!;
  return rows;
}

const methods = ['pigdm', 'mmps', 'diffpir', 'replacement', 'repaint', 'dps'] as const;

/** Draws of one answer, [draws, 64], in levels. */
async function answered(given: Measurement, method: (typeof methods)[number], seed: number) {
  const solver = method.startsWith('rep') ? { solver: 'ancestral' as const, steps: 50 } : {};
  const options = { count: draws, seed, engine, floor: false, grid: 'log-snr' as const, ...solver };
  return (await sample(run, { ...options, given, method })).data;
}

const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** The values of a pixel over the draws. */
const pixel = (data: ArrayLike<number>, i: number) =>
  Float64Array.from({ length: draws }, (_, k) => data[k * 64 + i]!);

/** What was measured, as a picture of 8 × 8 pixels. */
function pictureOf(name: string, y: Float64Array): Float64Array {
  if (name.startsWith('right')) return y.map((value, i) => (half.data[i] === 1 ? value : 8));
  if (name.startsWith('blurred')) return y;
  return Float64Array.from({ length: 64 }, (_, i) => y[Math.floor(i / 16) * 4 + Math.floor((i % 8) / 2)]!);
}

/** Tiles of one digit: truth, measurement, four draws, mean, standard deviation. */
function tilesOf(x: Float64Array, measurement: Float64Array, data: Float64Array): number[] {
  const columns = Array.from({ length: 64 }, (_, i) => pixel(data, i));
  const mean = columns.map(meanOf);
  const spread = columns.map((values, i) => 2 * Math.sqrt(meanOf(values.map(v => (v - mean[i]!) ** 2))));
  const shown = [x, measurement, ...[0, 1, 2, 3].map(k => data.subarray(k * 64, (k + 1) * 64)), mean, spread];
  return shown.flatMap(image => Array.from(image, level => Math.max(0, Math.min(1, level / 16))));
}

const lines: string[][] = [];
for (const [task, [name, make]] of Object.entries(tasks).entries()) {
  if (only !== undefined && Number(only) !== task) continue;
  const tiles: number[] = [];
  for (const method of methods) {
    let [square, inside, total] = [0, 0, 0];
    const began = performance.now();
    for (let n = 0; n < count; n++) {
      const x = truth(n);
      const y = observed(name, x, n);
      const data = await answered(make(y), method, n);
      for (let i = 0; i < 64; i++) {
        // What is known is not counted.
        if (name.startsWith('right') && half.data[i] === 1) continue;
        const values = pixel(data, i);
        square += (meanOf(values) - x[i]!) ** 2;
        inside += Number(Math.abs(placeOf(x[i]!, values, 0.5) - 0.5) < 0.4);
        total++;
      }
      if (method === 'pigdm' && n < 3) tiles.push(...tilesOf(x, pictureOf(name, y), data));
    }
    const seconds = (performance.now() - began) / 1000 / count;
    const share = (100 * inside) / total;
    lines.push([name, method, Math.sqrt(square / total).toFixed(2), share.toFixed(0), seconds.toFixed(2)]);
  }
  writeFileSync(join(folder, `tiles-${task}.json`), JSON.stringify(tiles));
}
console.log(table(['task', 'method', 'error', 'in 80 %', 'seconds'], lines));
const done = [0, 1, 2].map(task => join(folder, `tiles-${task}.json`)).filter(path => existsSync(path));
const tiles = done.flatMap(path => JSON.parse(readFileSync(path, 'utf8')) as number[]);
const grid = { data: Float32Array.from(tiles), shape: [tiles.length / 64, 8, 8, 1] };
await writePicture(join(folder, 'answers.png'), imageGrid(grid, { columns: 8 }));
await engine.dispose();
