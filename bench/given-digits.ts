import { finiteDataset, openDataset } from '../src/data/index.ts';
import { makeEngine } from '../src/engine/index.ts';
import type { Measurement } from '../src/measure/contract.ts';
import { blur, downsample, mask } from '../src/measure/pictures.ts';
import { readLinear } from '../src/measure/read.ts';
import { fillNormal, key } from '../src/random/index.ts';
import { imageGrid, writePicture } from '../src/report/index.ts';
import { train } from '../src/run/train/train.ts';
import { sample } from '../src/run/use/sample.ts';
import { table } from './table.ts';

/**
 * Digits of 8 × 8 pixels by a network trained here: half of each picture hidden, its means of 2 × 2 pixels,
 * and blurred. The error of the mean of the draws, in levels of 16, and how often the central 80 % of the
 * draws hold a pixel, for every method. Rows that were kept from training.
 *
 *     npm run bench:given-digits -- ../shared/data/digits.csv digits.png
 */
const [file = '../shared/data/digits.csv', picture] = process.argv.slice(2);
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
const run = await train({
  data: digits('train'),
  net: { name: 'mlp', width: 256, depth: 3 },
  steps: 6000,
  batch: 256,
  engine,
});
const [count, draws] = [16, 32];
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
const lines: string[][] = [];
const tiles: number[] = [];
for (const [name, make] of Object.entries(tasks)) {
  for (const method of methods) {
    let [square, inside, total] = [0, 0, 0];
    const began = performance.now();
    for (let n = 0; n < count; n++) {
      const x = truth(n);
      const solver = method.startsWith('rep') ? { solver: 'ancestral' as const, steps: 50 } : {};
      const { data } = await sample(run, {
        given: make(observed(name, x, n)),
        method,
        count: draws,
        seed: n,
        engine,
        floor: false,
        grid: 'log-snr',
        ...solver,
      });
      for (let i = 0; i < 64; i++) {
        const values = Float64Array.from({ length: draws }, (_, k) => data[k * 64 + i]!).sort();
        const mean = values.reduce((sum, value) => sum + value, 0) / draws;
        // Pixels at the edge of pictures are always 0.
        if (name.startsWith('right') && half.data[i] === 1) continue;
        square += (mean - x[i]!) ** 2;
        inside += Number(
          x[i]! > values[Math.floor(0.1 * draws)]! && x[i]! < values[Math.ceil(0.9 * draws) - 1]!,
        );
        total++;
      }
      if (method === 'pigdm' && n < 4) {
        const shown = [x, ...Array.from({ length: 5 }, (_, k) => data.subarray(k * 64, (k + 1) * 64))];
        for (const image of shown)
          for (const value of image) tiles.push(Math.max(0, Math.min(1, value / 16)));
      }
    }
    const seconds = (performance.now() - began) / 1000 / count;
    lines.push([
      name,
      method,
      Math.sqrt(square / total).toFixed(2),
      ((100 * inside) / total).toFixed(0),
      seconds.toFixed(2),
    ]);
  }
}
const free = performance.now();
for (let n = 0; n < 4; n++) await sample(run, { count: draws, seed: n, engine, grid: 'log-snr' });
console.log(table(['task', 'method', 'error', 'in 80 %', 'seconds'], lines));
console.log(`\nwithout a question ${((performance.now() - free) / 4000).toFixed(2)} seconds`);
if (picture)
  await writePicture(
    picture,
    imageGrid({ data: Float32Array.from(tiles), shape: [72, 8, 8, 1] }, { columns: 12 }),
  );
await engine.dispose();
