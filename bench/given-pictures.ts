import { writeFileSync } from 'node:fs';
import { openRows } from '../src/cli/work/rows.ts';
import { makeEngine } from '../src/engine/index.ts';
import { placeOf } from '../src/guide/calibration.ts';
import type { Measurement } from '../src/measure/contract.ts';
import { blur, downsample, mask } from '../src/measure/pictures.ts';
import { readLinear, withValues } from '../src/measure/read.ts';
import { fillNormal, key } from '../src/random/index.ts';
import { imageGrid, writePicture } from '../src/report/index.ts';
import { openRun } from '../src/run/run.ts';
import { levelsOf } from '../src/run/use/images.ts';
import { sample } from '../src/run/use/sample.ts';
import { cells } from './cells.ts';

/**
 * Questions about grey pictures that the run was not trained on: the right half hidden, the means of small
 * squares, a blur; each with an error of 1/32 of the range. For every method: the error of the mean of the
 * draws in percent of the range, and how often the central 80 % of the draws hold a pixel.
 *
 *     npm run bench:given-pictures -- RUN OUT
 *
 * TASK (0 to 2) in the environment asks one of the questions, COUNT pictures (12), DRAWS for each of them
 * (16), METHODS (pigdm,mmps,…). OUT-0.png to OUT-2.png show the truth, what was measured of it, four draws of
 * the first method, their mean and their standard deviation (white is half the range).
 */
const [folder, out] = process.argv.slice(2);
if (!folder || !out) throw new Error('Name a run and the pictures: RUN OUT');
const { TASK, COUNT = '12', DRAWS = '16', METHODS } = process.env;
const [count, draws] = [Number(COUNT), Number(DRAWS)];
const all = ['pigdm', 'mmps', 'diffpir', 'replacement', 'repaint', 'dps'] as const;
const methods = all.filter(name => (METHODS?.split(',') ?? all).includes(name));

const engine = await makeEngine('onnx');
const run = await openRun(folder);
const { data } = run.config;
const [height, width] = data.shape as [number, number];
const size = height * width;
const range = levelsOf(run.config)![1];
const std = range / 32;
const rows = await openRows(data.source, run.config, { run: folder, count, most: count, seed: 0 });
const truths = Float64Array.from(rows.read().data);
const truth = (n: number) => truths.subarray(n * size, (n + 1) * size);

const [factor, radius] = width < 16 ? [2, 1] : [4, 1.5];
const known = {
  data: Float64Array.from({ length: size }, (_, i) => Number(i % width < width / 2)),
  shape: [height, width],
};
const empty = (h: number, w: number) => ({ data: new Float64Array(h * w), shape: [h, w] });
/** A measurement of zeros. What its rows read of a picture is put into it afterwards. */
const tasks = [
  { name: 'right half hidden', of: mask(empty(height, width), known, { std }) },
  {
    name: `means of ${factor} × ${factor}`,
    of: downsample(factor, empty(height / factor, width / factor), { std }),
  },
  { name: `blurred by ${radius} pixels`, of: blur(radius, empty(height, width), { std }) },
];

/** What was measured of picture n, with its errors. */
function measured(measurement: Measurement, n: number): Measurement {
  const on: Measurement['on'] = async space =>
    (await measurement.on(space)).map(part => {
      if (part.kind !== 'linear') return part;
      const noise = new Float32Array(part.count);
      fillNormal(noise, key(3, measurement.name), { step: 0, first: n, size: part.count });
      return withValues(
        part,
        readLinear(part.matrix, truth(n)).map((value, i) => value + std * noise[i]!),
      );
    });
  return { ...measurement, on };
}

/** What a task leaves of a picture, without errors, for the eye. */
function seen(task: number, x: Float64Array): Float64Array {
  if (task === 0) return x.map((value, i) => (known.data[i] ? value : range / 2));
  const reach = task === 1 ? 0 : Math.ceil(3 * radius);
  const clamp = (i: number, side: number) => Math.max(0, Math.min(side - 1, i));
  return x.map((_, at) => {
    const [i, j] = [Math.floor(at / width), at % width];
    let [sum, total] = [0, 0];
    const add = (a: number, b: number, weight: number) => {
      sum += weight * x[clamp(a, height) * width + clamp(b, width)]!;
      total += weight;
    };
    if (task === 1) {
      const [top, left] = [i - (i % factor), j - (j % factor)];
      for (let a = 0; a < factor; a++) for (let b = 0; b < factor; b++) add(top + a, left + b, 1);
    }
    for (let a = -reach; a <= reach; a++)
      for (let b = -reach; b <= reach; b++)
        if (reach > 0) add(i + a, j + b, Math.exp(-(a * a + b * b) / (2 * radius * radius)));
    return sum / total;
  });
}

const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** The values of a pixel over the draws. */
const pixel = (samples: ArrayLike<number>, i: number) =>
  Float64Array.from({ length: draws }, (_, k) => samples[k * size + i]!);

/** Tiles of one picture: truth, measurement, four draws, mean, standard deviation. */
function tilesOf(task: number, n: number, samples: Float64Array | Float32Array): number[] {
  const columns = Array.from({ length: size }, (_, i) => pixel(samples, i));
  const mean = columns.map(meanOf);
  const spread = columns.map((values, i) => 2 * Math.sqrt(meanOf(values.map(v => (v - mean[i]!) ** 2))));
  const shown = [0, 1, 2, 3].map(k => samples.subarray(k * size, (k + 1) * size));
  return [truth(n), seen(task, truth(n)), ...shown, mean, spread].flatMap(image =>
    Array.from(image, level => Math.max(0, Math.min(1, level / range))),
  );
}

const lines: string[][] = [];
for (const [task, { name, of }] of tasks.entries()) {
  if (TASK !== undefined && Number(TASK) !== task) continue;
  const tiles: number[] = [];
  for (const method of methods) {
    let [square, inside, total] = [0, 0, 0];
    const began = performance.now();
    for (let n = 0; n < count; n++) {
      const solver = method.startsWith('rep') ? ({ solver: 'ancestral', steps: 50 } as const) : {};
      const options = { count: draws, seed: n, engine, floor: false, grid: 'log-snr' as const, ...solver };
      const { data: samples } = await sample(run, { ...options, given: measured(of, n), method });
      for (let i = 0; i < size; i++) {
        // What is known is not counted.
        if (task === 0 && known.data[i]) continue;
        const values = pixel(samples, i);
        square += ((meanOf(values) - truth(n)[i]!) / range) ** 2;
        inside += Number(Math.abs(placeOf(truth(n)[i]!, values, 0.5) - 0.5) < 0.4);
        total++;
      }
      if (method === methods[0] && n < 3) tiles.push(...tilesOf(task, n, samples));
    }
    const seconds = ((performance.now() - began) / 1000 / count).toFixed(1);
    const share = ((100 * inside) / total).toFixed(0);
    lines.push([name, `\`${method}\``, (100 * Math.sqrt(square / total)).toFixed(1), share, seconds]);
    process.stderr.write(`${lines.at(-1)!.join(' ')}\n`);
  }
  const grid = { data: Float32Array.from(tiles), shape: [tiles.length / size, height, width, 1] };
  await writePicture(`${out}-${task}.png`, imageGrid(grid, { columns: 8 }));
}
const names = [
  'question',
  'method',
  'error, % of the range',
  'pixels in the central 80 %',
  'seconds a picture',
];
console.log(cells(names, lines));
writeFileSync(`${out}.json`, JSON.stringify(lines));
await engine.dispose();
