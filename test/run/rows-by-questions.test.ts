import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TrainedRun } from '../../src/run/run.ts';
import { train } from '../../src/run/train/train.ts';
import { calibrate } from '../../src/run/use/given/calibrate.ts';
import { impute } from '../../src/run/use/impute.ts';
import { logLikelihood } from '../../src/run/use/likelihood.ts';

/** Columns of words: with them a row has more model numbers than questions that particles take. */
const WORDS = [1, 5, 7, 11];
let dir: string;
let run: TrainedRun;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'langevin-rows-'));
  const rows = Array.from({ length: 180 }, (_, i) =>
    [`${(i % 18) + Math.sin(i)},${i % 5}`, ...WORDS.map(n => `w${(i * n) % 18}`)].join(),
  );
  writeFileSync(join(dir, 'rows.csv'), `x,k,a,b,c,d\n${rows.join('\n')}\n`);
  // Without validation no mixture is kept.
  const net = { name: 'mlp', width: 8, depth: 1 } as const;
  run = await train({
    ...{ data: join(dir, 'rows.csv'), validationFraction: 0, steps: 20, batch: 32, net },
    onNote: () => {},
  });
});
afterAll(() => rmSync(dir, { recursive: true }));

/** Rows with one hole each, and six columns. */
const rowsOf = (...cells: number[]) => ({ data: Float64Array.from(cells), shape: [cells.length / 6, 6] });
const hole = Number.NaN;

test('rows are filled whether their known values are few or many for particles', async () => {
  const few = [hole, 2, 3, hole, hole, hole];
  const many = [hole, 2, 3, 4, 5, 6];
  const { filled, lost, rows } = await impute(run, rowsOf(...few, ...many), { draws: 3, steps: 5 });
  expect([filled, lost]).toEqual([5, []]);
  expect(rows.data.every(Number.isFinite)).toBe(true);
});

test('progress is told once for each row, over all of them', async () => {
  const row = [hole, 2, 3, 4, 5, 6];
  const told: (readonly [done: number, count: number])[] = [];
  await impute(run, rowsOf(...row, ...row), {
    ...{ draws: 3, steps: 5 },
    onProgress: ({ done, count }) => told.push([done, count]),
  });
  expect(told).toEqual([
    [3, 6],
    [6, 6],
  ]);
});

test('a score that needs a run for questions names the run by its folder', async () => {
  const asked = logLikelihood({ ...run, opened: 'runs/words' }, rowsOf(1, 2, 3, 4, 5, 6), { of: ['x'] });
  await expect(asked).rejects.toThrow(/^runs\/words: The run answers no questions/);
});

test('a row that no sample can be stays as it is', async () => {
  const odd = [hole, 2.5, 3, 4, 5, 6];
  const { filled, lost, rows } = await impute(run, rowsOf(...odd), { draws: 3, steps: 5 });
  expect([filled, lost, ...rows.data]).toEqual([0, [0], ...odd]);
});

test('an option that the answers would ignore is an error, and no row that is out of reach', async () => {
  const few = rowsOf(hole, 2, 3, hole, hole, hole);
  await expect(impute(run, few, { solver: 'heun' })).rejects.toThrow(/ignores this option/);
});

test('rows with missing cells are no truths of a calibration', async () => {
  const whole = Array.from({ length: 24 }, (_, i) => [i % 18, i % 5, ...WORDS.map(n => (i * n) % 18)]);
  const holes = whole.slice(0, 6).map((row, i) => row.map((cell, c) => (c === i % 6 ? hole : cell)));
  const asked = { given: 'x=?±1, a=?', truths: 12, draws: 3, steps: 4, particles: 8 } as const;
  const among = await calibrate(run, { ...asked, data: rowsOf(...holes.flat(), ...whole.flat()) });
  const alone = await calibrate(run, { ...asked, data: rowsOf(...whole.flat()) });
  expect(among).toEqual({ ...alone, incomplete: 6 });
  const few = calibrate(run, { ...asked, data: rowsOf(...holes.flat(), ...whole.slice(0, 4).flat()) });
  await expect(few).rejects.toThrow(/Too few rows have a value in every column.*got "4 of 10"/);
});
