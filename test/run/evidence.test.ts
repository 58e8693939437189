import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { equal } from '../../src/measure/columns.ts';
import { fillNormal, key } from '../../src/random/index.ts';
import type { TrainedRun } from '../../src/run/run.ts';
import { train } from '../../src/run/train/train.ts';
import { evidence } from '../../src/run/use/given/evidence.ts';
import { logLikelihood } from '../../src/run/use/likelihood.ts';
import { sample } from '../../src/run/use/sample.ts';

/** Groups with a number, whole numbers of few values and of many, a word, and rain on half of the days. */
const GROUPS = [
  { x: -3, cyl: 4, age: 20, word: 'low' },
  { x: 0, cyl: 6, age: 40, word: 'middle' },
  { x: 3, cyl: 8, age: 60, word: 'high' },
];
const count = 300;
const rainOf = (i: number, z: Float32Array) => (i % 2 ? 0 : 0.1 + Math.abs(z[(7 * i) % 600]!));
let dir: string;
let run: TrainedRun;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'langevin-evidence-'));
  const z = new Float32Array(2 * count);
  fillNormal(z, key(3, 'rows'), { step: 0, first: 0, size: 2 });
  const rows = Array.from({ length: count }, (_, i) => {
    const { x, cyl, age, word } = GROUPS[i % 3]!;
    const other = GROUPS[Math.floor(i / 3) % 7 === 0 ? (i + 1) % 3 : i % 3]!.cyl;
    return [
      x + 0.5 * z[2 * i]!,
      i % 2 ? cyl : other,
      Math.round(age + 6 * z[2 * i + 1]!),
      word,
      rainOf(i, z),
    ].join();
  });
  writeFileSync(join(dir, 'cars.csv'), `x,cyl,age,word,rain\n${rows.join('\n')}\n`);
  const net = { name: 'mlp', width: 8, depth: 1 } as const;
  run = await train({ data: join(dir, 'cars.csv'), net, batch: 32, steps: 60, onNote: () => {} });
});
afterAll(() => rmSync(dir, { recursive: true }));

const probability = async (given: string) => {
  const { kind, logEvidence } = await evidence(run, { given });
  expect([given, kind]).toEqual([given, 'probability']);
  return Math.exp(logEvidence!);
};

test('values on a grid have probabilities, which sum to 1', async () => {
  const whole = ['cyl=4', 'cyl=6', 'cyl=8'];
  const sums = await Promise.all([whole, ['word=low', 'word=middle', 'word=high']].map(each => sumOf(each)));
  expect(sums[0]!).toBeCloseTo(1, 5);
  // The points of the fourth code of two bits belong to words too; corners of three words differ a little.
  expect(Math.abs(sums[1]! - 1)).toBeLessThan(0.005);
  // One value of many is narrow, and there its step is a reading.
  const ages = Array.from({ length: 140 }, (_, age) => `age=${age - 20}`);
  expect(Math.abs((await sumOf(ages)) - 1)).toBeLessThan(0.01);
});

const sumOf = async (each: readonly string[]) => {
  let sum = 0;
  for (const given of each) sum += await probability(given);
  return sum;
};

test('a value is what bounds around it are, and the end of a column has what lies beyond', async () => {
  for (const [value, bounds] of [
    ['cyl=6', '5<cyl<7'],
    ['cyl=8', 'cyl>7'],
    ['2*cyl=12', '11<2*cyl<13'],
    ['age=40', 'age in 40..40.5'],
  ] as const)
    expect(Math.abs(Math.log((await probability(value)) / (await probability(bounds))))).toBeLessThan(2e-3);
});

test('the end of a column that many rows share has their share', async () => {
  const [dry, wet] = [await probability('rain=0'), await probability('rain>0')];
  expect(dry + wet).toBeCloseTo(1, 5);
  expect(Math.abs(dry - 0.5)).toBeLessThan(0.05);
  const { data } = await sample(run, { given: 'rain=0, x>0', count: 50 });
  expect(new Set(Array.from({ length: 50 }, (_, i) => data[5 * i + 4]))).toEqual(new Set([0]));
});

test('sums, comparisons and readings see the end that many rows share at its place', async () => {
  const { data } = await sample(run, { count: 4000, seed: 5 });
  const share = (holds: (x: number, rain: number) => boolean) => {
    let count = 0;
    for (let at = 0; at < data.length; at += 5) if (holds(data[at]!, data[at + 4]!)) count++;
    return count / 4000;
  };
  const sum = await probability('x+rain<0.5');
  expect(Math.abs(sum - share((x, rain) => x + rain < 0.5))).toBeLessThan(0.04);
  const { kind, logEvidence } = await evidence(run, { given: 'rain=0±0.05' });
  // The density of a reading at its middle, for the point mass at 0 and little beside it.
  const truth = share((_, rain) => rain === 0) / (0.05 * Math.sqrt(2 * Math.PI));
  expect([kind, Math.abs(Math.exp(logEvidence!) / truth - 1) < 0.15]).toEqual(['density', true]);
});

test('particles give the same probability within their interval, and the same draws', async () => {
  const particles = await evidence(run, { given: 'cyl=6', particles: 128, steps: 30 });
  const exact = Math.log(await probability('cyl=6'));
  expect(particles).toMatchObject({ kind: 'probability', method: 'smc with mmps' });
  expect(exact).toBeGreaterThan(particles.interval![0]);
  expect(exact).toBeLessThan(particles.interval![1]);
  const rows = async (how: object) => {
    const { data } = await sample(run, { given: 'cyl=6, word=middle', count: 300, ...how });
    const column = (c: number) => Array.from({ length: 300 }, (_, i) => data[5 * i + c]!);
    expect(new Set(column(1))).toEqual(new Set([6]));
    expect(new Set(column(3)).size).toBe(1);
    return column(2).reduce((sum, age) => sum + age, 0) / 300;
  };
  expect(Math.abs((await rows({})) - (await rows({ particles: 100, steps: 30 })))).toBeLessThan(2.5);
});

test('values that were measured have densities per unit, also beside probabilities', async () => {
  const kindOf = async (given: string) => {
    const { kind, per } = await evidence(run, { given, particles: 64, populations: 2, steps: 12 });
    return { kind, per };
  };
  expect(await kindOf('x=1')).toEqual({ kind: 'density', per: ['x'] });
  expect(await kindOf('cyl=6±0.5')).toEqual({ kind: 'density', per: ['cyl'] });
  expect(await kindOf('x+cyl=1±0.5, age>30')).toEqual({ kind: 'density', per: ['x+cyl'] });
  expect(await kindOf('rain=0.5')).toEqual({ kind: 'density', per: ['rain'] });
  expect(await kindOf('cyl+age=46')).toEqual({ kind: 'probability', per: undefined });
});

test.each(['cyl=6, age=40, cyl+age=47', '2*cyl=12, cyl+age=46, age=41'])(
  'values on a grid that no row has together are refused: %s',
  async given => {
    await expect(evidence(run, { given })).rejects.toThrow(/contradict one another/);
  },
);

test('a value that the column cannot have is refused', async () => {
  const asked = (values: Record<string, number>) => evidence(run, { given: equal(values) });
  await expect(asked({ cyl: 6.5 })).rejects.toThrow(/no such value.*such as 6 or 8/);
  await expect(asked({ cyl: 10 })).rejects.toThrow(/No sample of the run can have this/);
});

test('the names of a column have probabilities that sum to 1 in every row, and are those of the evidence', async () => {
  const net = { name: 'mlp', width: 8, depth: 1 } as const;
  const data = join(dir, 'cars.csv');
  const asked = await train({ data, net, batch: 32, steps: 60, conditional: true, onNote: () => {} });
  const names = [0, 1, 2];
  // Each age with every name; the other columns are absent.
  const rows = [20, 40, 47].flatMap(age => names.map(name => [0, 4, age, name, 0]));
  const x = { data: Float64Array.from(rows.flat()), shape: [rows.length, 5] };
  const rowNumbers = new Uint32Array([0, 0, 0, 1, 1, 1, 2, 2, 2]);
  const question = { of: ['word'], given: ['age'], rowNumbers };
  const { logProbability } = await logLikelihood(asked, x, question);
  const shares = logProbability.map(Math.exp);
  for (let row = 0; row < 3; row++)
    expect(shares[3 * row]! + shares[3 * row + 1]! + shares[3 * row + 2]!).toBeCloseTo(1, 12);
  const { names: order } = run.config.data.kinds![3] as { names: readonly string[] };
  const ofAge = await probability('age=47');
  for (const word of ['low', 'middle', 'high']) {
    const truth = (await probability(`word=${word}, age=47`)) / ofAge;
    expect(Math.abs(shares[6 + order.indexOf(word)]! - truth), word).toBeLessThan(0.1);
  }
});
