import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fillNormal, key } from '../../src/random/index.ts';
import type { Report } from '../../src/run/folder/report.ts';
import { openRun, type TrainedRun } from '../../src/run/run.ts';
import { remarksOn } from '../../src/run/train/report/remarks.ts';
import { train } from '../../src/run/train/train.ts';
import { impute } from '../../src/run/use/impute.ts';

const count = 400;
let dir: string;
let run: TrainedRun;
let file: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'langevin-report-'));
  file = join(dir, 'rows.csv');
  const z = new Float32Array(3 * count);
  fillNormal(z, key(1, 'rows'), { step: 0, first: 0, size: 3 });
  const rows = Array.from({ length: count }, (_, i) => {
    const [a, b, c] = z.subarray(3 * i, 3 * i + 3);
    const name = c! > 0.5 ? 'yes' : c! > -0.5 ? 'no' : 'never';
    // Each name is a group of its own: a Gaussian has the shares of the names, but not where they lie.
    return [10 + a!, 5 * (0.8 * a! + 0.6 * b!) + { yes: 0, no: 25, never: -25 }[name], name].join();
  });
  writeFileSync(file, `a,b,c\n${rows.join('\n')}\n`);
  run = await train({
    ...{ data: file, report: true, steps: 50, batch: 64, net: { name: 'mlp', width: 16, depth: 1 } },
    out: join(dir, 'run'),
    onNote: () => {},
  });
});
afterAll(() => rmSync(dir, { recursive: true }));

describe('the report of a training', () => {
  test('scores test rows beside a Gaussian, which does not see the groups, and a mixture, which does', () => {
    const { heldOut, gaussian, mixture, training } = run.report!;
    expect([heldOut.part, heldOut.rows, training.rows]).toEqual(['test', 80, 60]);
    expect(gaussian.gain).toBeGreaterThan(4 * gaussian.gainError!);
    expect(heldOut.nats).toBeGreaterThan(mixture!.nats - 4 * gaussian.gainError!);
    expect(heldOut.nats).toBeCloseTo(gaussian.nats + gaussian.gain, 6);
    expect(gaussian.full).toBe(true);
    expect(mixture!.nats).toBeGreaterThan(gaussian.nats);
  });

  test('finds samples like the data: fresh, with the same margins and correlations', () => {
    const { memorisation, margins, correlations } = run.report!;
    expect(Math.abs(memorisation!.share - 0.5)).toBeLessThan(5 * memorisation!.standardError);
    expect(margins!.error).toBeLessThan(0.15);
    expect(correlations!.columns).toEqual(['a', 'b']);
    expect(correlations!.error).toBeLessThan(0.1);
  });

  test('is kept in the run, and a run without it has none', async () => {
    expect((await openRun(join(dir, 'run'))).report).toEqual(run.report);
    const plain = await train({ data: file, steps: 1, batch: 8, onNote: () => {} });
    expect(plain.report).toBeUndefined();
  });

  test('is that of the validation rows, if no rows are kept for testing', async () => {
    const all = { data: file, testFraction: 0, steps: 1, batch: 8, report: true, onNote: () => {} };
    const { report } = await train({ ...all, net: { name: 'mlp', width: 4, depth: 1 } });
    expect([report!.heldOut.part, report!.heldOut.rows]).toEqual(['validation', 60]);
  });
});

const good: Omit<Report, 'remarks'> = {
  heldOut: { part: 'test', rows: 100, nats: -2, standardError: 0.1 },
  training: { rows: 400, nats: -1.9 },
  gaussian: { nats: -3, gain: 1, gainError: 0.1, full: true },
  mixture: { nats: -2.5, components: 3 },
  memorisation: { share: 0.52, standardError: 0.02 },
  margins: { column: 'a', error: 0.05, chance: 0.06 },
  correlations: { columns: ['a', 'b'], error: 0.02, chance: 0.03 },
};

test.each<[RegExp | undefined, Partial<Report>]>([
  [undefined, {}],
  [/worse than a Gaussian/, { gaussian: { ...good.gaussian, gain: -0.5 } }],
  [/no better than a Gaussian/, { gaussian: { ...good.gaussian, gain: 0.05 } }],
  [/mixture of 3 Gaussians, .* is 0.50 nats/, { mixture: { nats: -1.5, components: 3 } }],
  [/repeat training rows: 80 %/, { memorisation: { share: 0.8, standardError: 0.02 } }],
  [/learned by heart.* --dropout 0\.1$/, { training: { rows: 400, nats: 1 } }],
  [
    /: 3\.1 % below the least of "a", 0; 2 % above the greatest of "b", 9\. .*--bounds 'a>=0,b<=9'$/,
    {
      outside: [
        { column: 'a', end: 'least', value: 0, share: 0.0312 },
        { column: 'b', end: 'greatest', value: 9, share: 0.02 },
      ],
    },
  ],
  [/column "a" differ/, { margins: { column: 'a', error: 0.3, chance: 0.1 } }],
])('a remark %s', (remark, change) => {
  const remarks = remarksOn({ ...good, ...change });
  expect(remarks).toHaveLength(remark ? 1 : 0);
  if (remark) expect(remarks[0]).toMatch(remark);
});

test('advice against rows that a mixture learned by heart is one that mixtures heed', () => {
  const learned = { ...good, training: { rows: 400, nats: 1 } };
  expect(remarksOn(learned, {}, 'mixture').join()).toMatch(/without a mixture: --scaling gaussian$/);
  expect(remarksOn(learned, {}, 'mixture').join()).not.toMatch(/dropout|steps/);
});

test('rows without missing cells are imputed as they are, by any run', async () => {
  const x = { data: Float64Array.of(10, 2, 0, 9, 1, 1), shape: [2, 3] };
  const { rows, missing } = await impute(run, x);
  expect([...rows.data, missing]).toEqual([...x.data, 0]);
});

test('a run that keeps a mixture fills missing cells by its closed form', async () => {
  // b = 25 + 4·(a − 10) + 3·noise, where c is "no", the second name.
  const rows = 60;
  const x = {
    data: Float64Array.from({ length: 3 * rows }, (_, i) => [9, Number.NaN, 1][i % 3]!),
    shape: [rows, 3],
  };
  const { draws, missing, filled } = await impute(run, x);
  expect([missing, filled]).toEqual([rows, rows]);
  const b = Float64Array.from({ length: 20 * rows }, (_, i) => draws.data[3 * i + 1]!);
  const mean = b.reduce((sum, value) => sum + value, 0) / b.length;
  const std = Math.sqrt(b.reduce((sum, value) => sum + (value - mean) ** 2, 0) / b.length);
  // About 100 rows have this name: standard errors of 0.3 and 0.2.
  expect(Math.abs(mean - 21)).toBeLessThan(0.8);
  expect(Math.abs(std - 3)).toBeLessThan(0.5);
});

test('a model of every question is compared on questions too; one of rows alone is not', async () => {
  const small = { data: file, steps: 1, batch: 8, net: { name: 'mlp', width: 4, depth: 1 } as const };
  const all = await train({ ...small, conditional: true, onNote: () => {} });
  expect(all.validation!.points.map(({ score }) => typeof score)).toEqual(['number']);
  expect(run.validation!.points.every(({ score }) => score === undefined)).toBe(true);
});
