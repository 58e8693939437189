import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mixtureLogDensities, type TableTransform } from '../../src/data/index.ts';
import { fillNormal, key } from '../../src/random/index.ts';
import type { TrainedRun } from '../../src/run/run.ts';
import { train } from '../../src/run/train/train.ts';
import { likelihoodBound } from '../../src/run/use/bound.ts';
import { calibrate } from '../../src/run/use/given/calibrate.ts';
import { evidence } from '../../src/run/use/given/evidence.ts';
import { impute } from '../../src/run/use/impute.ts';
import { logLikelihood } from '../../src/run/use/likelihood.ts';
import { sample } from '../../src/run/use/sample.ts';
import { transformOf } from '../../src/run/use/units.ts';

const CENTRES = [
  [-3, 0],
  [3, 1],
  [0, -4],
];
const count = 240;
let dir: string;
let run: TrainedRun;
const small = { batch: 32, net: { name: 'mlp', width: 8, depth: 1 }, onNote: () => {} } as const;
const file = () => join(dir, 'groups.csv');
const out = () => join(dir, 'run');

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'langevin-mixture-'));
  const z = new Float32Array(2 * count);
  fillNormal(z, key(3, 'rows'), { step: 0, first: 0, size: 2 });
  const rows = Array.from({ length: count }, (_, i) =>
    CENTRES[i % 3]!.map((centre, d) => centre + 0.5 * z[2 * i + d]!).join(),
  );
  writeFileSync(file(), `a,b\n${rows.join('\n')}\n`);
  run = await train({ ...small, data: file(), steps: 60, out: out() });
});
afterAll(() => rmSync(dir, { recursive: true }));

const started = () => JSON.parse(readFileSync(join(out(), 'state.json'), 'utf8')).starts;

test.each([1e200, 1e6])('a row at %d gets no score, and the others theirs as without it', async value => {
  const [near, far] = [
    [-2.8, 0.4],
    [value, 0.7],
  ];
  const x = Float64Array.from([...near, ...far, ...near]);
  const scores = await logLikelihood(run, { data: x, shape: [3, 2] });
  const alone = await logLikelihood(run, { data: Float64Array.from([...near, ...near]), shape: [2, 2] });
  const [first, last] = alone.logProbability;
  expect([...scores.logProbability]).toEqual([first, Number.NaN, last]);
  expect([scores.mean, scores.standardError, scores.unscored]).toEqual([alone.mean, alone.standardError, 1]);
  await expect(logLikelihood(run, { data: x.slice(2, 4), shape: [1, 2] })).rejects.toThrow(/out of reach/);
});

test('a run of groups is the mixture that its validation prefers', async () => {
  const { mixture, points, best } = run.validation!;
  expect(mixture!.nats).toBeGreaterThan(points.find(({ step }) => step === best)!.nats);
  const transform = transformOf(run.config) as TableTransform;
  expect(transform.base!.components.length).toBeGreaterThan(1);
  const x = Float64Array.of(-2.8, 0.4, 3.3, 0.7, 0, -4.5);
  const z = transform.forward(x, new Float64Array(6));
  const slopes = transform.logDeterminants(x);
  const exact = mixtureLogDensities(transform.base!, z).map((value, i) => value + slopes[i]!);
  const { logProbability } = await logLikelihood(run, { data: x, shape: [3, 2] });
  for (const [i, value] of exact.entries()) expect(Math.abs(logProbability[i]! - value)).toBeLessThan(0.03);
});

test('questions about rows have an answer in closed form, though it was not trained on them', async () => {
  const x = Float64Array.of(-2.8, 0.4, 3.3, 0.7, 0.2, -4.5);
  const rows = { data: x, shape: [3, 2] };
  const transform = transformOf(run.config) as TableTransform;
  const exact = (cells: Float64Array) => {
    const slopes = transform.logDeterminants(cells);
    const z = transform.forward(cells, new Float64Array(6));
    for (const [i, cell] of cells.entries()) if (Number.isNaN(cell)) z[i] = Number.NaN;
    return mixtureLogDensities(transform.base!, z).map((value, i) => value + slopes[i]!);
  };
  const [joint, ofB] = [exact(x), exact(x.map((value, i) => (i % 2 === 0 ? Number.NaN : value)))];
  const asked = await logLikelihood(run, rows, { of: ['a'], given: ['b'] });
  const alone = await logLikelihood(run, rows, { of: ['b'] });
  const missing = { data: x.map((value, i) => (i % 2 === 0 ? Number.NaN : value)), shape: [3, 2] };
  const absent = await logLikelihood(run, missing);
  const bound = await likelihoodBound(run, rows, { of: ['a'], given: ['b'] });
  expect([asked.evaluations, asked.divergence, bound.evaluations]).toEqual([0, 'exact', 0]);
  for (let i = 0; i < 3; i++) {
    expect(alone.logProbability[i]).toBeCloseTo(ofB[i]!, 4);
    expect(absent.logProbability[i]).toBeCloseTo(ofB[i]!, 4);
    expect(asked.logProbability[i]).toBeCloseTo(joint[i]! - ofB[i]!, 4);
    expect(bound.logProbability[i]).toBe(asked.logProbability[i]);
  }
});

test('missing cells are drawn from what is known, in closed form', async () => {
  const x = { data: Float64Array.of(-2.8, Number.NaN, Number.NaN, -4.2, 1e6, Number.NaN), shape: [3, 2] };
  const { draws, rows, lost, filled } = await impute(run, x, { draws: 4000, seed: 3 });
  expect([lost, filled, rows.data[0], rows.data[5]]).toEqual([[2], 2, -2.8, Number.NaN]);
  // The density of what is missing, on a fine grid.
  for (const [row, column, known] of [
    [0, 1, -2.8],
    [1, 0, -4.2],
  ] as const) {
    const grid = Array.from({ length: 2001 }, (_, i) => -10 + 0.01 * i);
    const cells = Float64Array.from(grid.flatMap(value => (column === 1 ? [known, value] : [value, known])));
    const { logProbability } = await logLikelihood(
      run,
      { data: cells, shape: [2001, 2] },
      column === 1 ? { of: ['b'], given: ['a'] } : { of: ['a'], given: ['b'] },
    );
    const weights = logProbability.map(log => (Number.isNaN(log) ? 0 : 0.01 * Math.exp(log)));
    expect(weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 2);
    const mean = weights.reduce((sum, weight, i) => sum + weight * grid[i]!, 0);
    const variance = weights.reduce((sum, weight, i) => sum + weight * (grid[i]! - mean) ** 2, 0);
    const values = Array.from({ length: 4000 }, (_, k) => draws.data[(row * 4000 + k) * 2 + column]!);
    const drawn = values.reduce((sum, value) => sum + value / 4000, 0);
    expect(Math.abs(drawn - mean)).toBeLessThan(4 * Math.sqrt(variance / 4000));
  }
});

const exactly = /mixture of Gaussians.*closed form/;

test('a mixture answers linear questions in closed form, as particles do with their interval', async () => {
  for (const given of ['a+0.5*b=2.5±0.5', 'a=3', 'a>2, b<1.2']) {
    const exact = await evidence(run, { given });
    expect(exact.method).toMatch(exactly);
    expect(exact.evaluations).toBe(0);
    const [low, high] = exact.interval!;
    expect(high - low).toBeLessThan(given.includes(',') ? 2e-3 : 1e-300);
    const particles = await evidence(run, { given, particles: 64, steps: 24 });
    expect(particles.method).toBe('smc with mmps');
    expect(exact.logEvidence!).toBeGreaterThan(particles.interval![0] - 2e-3);
    expect(exact.logEvidence!).toBeLessThan(particles.interval![1] + 2e-3);
  }
});

test('its draws have what is known, and its calibration is that of these draws', async () => {
  const drawn = await sample(run, { given: 'a=3, b>0.5', count: 200 });
  expect(drawn.certificate!.method).toMatch(exactly);
  expect(drawn.evaluations).toBe(0);
  for (let i = 0; i < 200; i++) {
    expect(drawn.data[2 * i]).toBe(3);
    expect(drawn.data[2 * i + 1]).toBeGreaterThan(0.5);
  }
  const calibrated = await calibrate(run, { given: 'a+b=?±0.5', truths: 400 });
  expect(calibrated.method).toMatch(exactly);
  expect(calibrated.pValue).toBeGreaterThan(0.01);
});

test('columns that are given exactly are not ranked', async () => {
  const { rows, leftOut } = await calibrate(run, { given: 'a=?', truths: 20, draws: 5 });
  expect(leftOut).toEqual(['a']);
  expect(rows.map(({ name }) => name)).toEqual(['b', 'distance from the middle']);
  const all = calibrate(run, { given: 'a=?, b=?', truths: 20, draws: 5 });
  await expect(all).rejects.toThrow(/gives every column exactly/);
});

test('its training goes on from the Gaussian, and ends in the same mixture', async () => {
  const { training, mixture } = started();
  expect(training.mixture).toBeUndefined();
  expect(run.config.transform).toEqual(mixture.all);
  const more = await train({ ...small, data: file(), out: out(), resume: true, steps: 80 });
  expect(more.losses.at(-1)!.step).toBe(80);
  expect(more.config.transform).toEqual(mixture.all);
  expect(started().training).toEqual(training);
});

test.each<[string, object]>([
  ['an energy', { net: { name: 'energy', width: 8, depth: 1 } }],
  ['draws of weights', { optimizer: { name: 'sgld', draws: 2 } }],
])('a run for %s keeps its network', async (_, options) => {
  const { config } = await train({ ...small, ...options, data: file(), steps: 60 });
  expect(config.transform).not.toHaveProperty('mixture');
});

test.each([1, 3])('a run of %d columns that keeps its Gaussian answers in closed form', async columns => {
  const z = new Float32Array(60 * columns);
  fillNormal(z, key(8, 'rows'), { step: 0, first: 0, size: columns });
  const names = ['a', 'b', 'c'].slice(0, columns);
  // The columns hang together: each has the one before it as a part.
  const rows = Array.from({ length: 60 }, (_, i) => {
    const row = z.subarray(i * columns, (i + 1) * columns);
    return names.map((_, d) => 2 + row[d]! + 0.8 * (row[d - 1] ?? 0)).join();
  });
  const data = join(dir, `gaussian-${columns}.csv`);
  writeFileSync(data, `${names.join()}\n${rows.join('\n')}\n`);
  const gaussian = await train({ ...small, data, steps: 60, out: join(dir, `gaussian-${columns}`) });
  expect(gaussian.validation!.best).toBe(0);
  const x = { data: Float64Array.from(names, () => 2.5), shape: [1, columns] };
  const [closed, flow] = [
    await logLikelihood(gaussian, x),
    await logLikelihood(gaussian, x, { solver: 'rk45', tolerance: 1e-6 }),
  ];
  expect([closed.evaluations, closed.divergence]).toEqual([0, 'exact']);
  expect(closed.logProbability[0]).toBeCloseTo(flow.logProbability[0]!, 3);
  if (columns === 1) return;
  const of = await logLikelihood(gaussian, x, { of: ['b'], given: ['a', 'c'] });
  const given = await logLikelihood(gaussian, x, { of: ['a', 'c'] });
  expect(of.logProbability[0]! + given.logProbability[0]!).toBeCloseTo(closed.logProbability[0]!, 6);
  const { draws } = await impute(
    gaussian,
    { data: Float64Array.of(2.5, NaN, 2.5), shape: [1, 3] },
    { draws: 5 },
  );
  expect([...draws.data].every(Number.isFinite)).toBe(true);
});
