import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { langevin, tiny, workplace } from './support.ts';

const at = workplace();
const run = (...parts: string[]) =>
  langevin(
    at,
    parts.flatMap(part => part.split(' ')),
  );

beforeAll(async () => {
  const rows = Array.from({ length: 60 }, (_, i) => `${Math.sin(i)},${Math.sin(i) + Math.cos(3 * i)}`);
  writeFileSync(join(at, 'pairs.csv'), `a,b\n${rows.join('\n')}\n`);
  const train = `train pairs.csv --steps 50 --out pairs ${tiny} --no-report`;
  expect(await run(train)).toMatchObject({ code: 0 });
});

describe('langevin evidence', () => {
  const few = '--particles 32 --populations 3 --steps 8';
  it('prints lines, and JSON if asked', async () => {
    const lines = await run('evidence pairs', '--given', 'a=0.2±0.5', few);
    expect(lines).toMatchObject({ code: 0 });
    expect(lines.stdout).toMatch(
      /^log evidence -?\d\.\d{3} nats \(95 %: \S+ to \S+\)\nsmc with mmps, 3 populations, \d+ effective samples/,
    );
    const { stdout } = await run('evidence pairs', '--given', 'a=0.2±0.5', few, '--json');
    const { logEvidence, estimates } = JSON.parse(stdout);
    expect(lines.stdout).toContain(`log evidence ${logEvidence.toFixed(3)} nats`);
    expect(estimates).toHaveLength(3);
  });

  it('needs something that is known', async () => {
    expect((await run('evidence pairs')).stderr).toMatch(/Nothing is known.*--given/);
  });
});

describe('langevin calibrate', () => {
  const few = '--truths 12 --draws 7 --method mmps --steps 6';
  it('prints a line for each number that was ranked, says what too few truths tell, and JSON if asked', async () => {
    const { code, stdout, stderr } = await run('calibrate pairs', '--given-pattern', 'a+b=?±0.3', few);
    expect(code).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines[0]).toBe('mmps: 12 truths from the run, 7 draws of each');
    expect(lines[1]).toMatch(/^held by intervals of +50 % +80 % +95 % +p$/);
    for (const [i, name] of [
      'a',
      'b',
      'a+b=?±0.3',
      'log p(y | x)',
      'distance from the middle',
      'all columns',
    ].entries()) {
      expect(lines[2 + i]!.startsWith(`${name}  `), name).toBe(true);
      expect(lines[2 + i]).toMatch(/\d % {2,}\d+ % {2,}\d+ % {2,}\S+$/);
    }
    expect(lines[8]).toMatch(/so few truths can tell little|the answers are wrong/);
    expect(stderr).toMatch(/note: 12 truths can tell little: .* ± 28 %; take more: --truths 200/);
    const json = JSON.parse(
      (await run('calibrate pairs', '--given-pattern', 'a+b=?±0.3', few, '--json')).stdout,
    );
    expect(json).toMatchObject({ truths: 12, draws: 7, from: 'model', method: 'mmps' });
    expect(json.rows).toHaveLength(5);
  });
});

describe('a question about columns with bounds and dates', () => {
  beforeAll(async () => {
    const day = (i: number) =>
      `2013-${String(1 + (i % 12)).padStart(2, '0')}-${String(1 + (i % 28)).padStart(2, '0')}`;
    const rain = (i: number) => Math.max(0, 3 * Math.sin(i));
    const rows = Array.from(
      { length: 80 },
      (_, i) => `${[4, 6, 8, 5][i % 4]},${Math.cos(i)},${rain(i)},${day(i)}`,
    );
    writeFileSync(join(at, 'cars.csv'), `cyl,x,rain,day\n${rows.join('\n')}\n`);
    expect(await run(`train cars.csv --steps 2 --out cars ${tiny} --no-report`)).toMatchObject({ code: 0 });
  });

  it.each([
    ['cyl>8', /No sample of the run can have this.*got "cyl>8"; expected "cyl" >= 4 and "cyl" <= 8/],
    ['-2*cyl>-8', /No sample of the run can have this.*expected "cyl" >= 4/],
    ['day>soon', /"day" holds dates, written as YYYY-MM-DD/],
  ])('is refused where nothing can satisfy it, or a date is none: %s', async (question, says) => {
    const { code, stderr } = await run('sample cars --count 2', '--given', question);
    expect(code).toBe(2);
    expect(stderr).toMatch(says);
  });

  it('is answered where something can', async () => {
    const how = '--particles 16 --steps 5';
    const { code, stdout } = await run('sample cars --count 5', '--given', 'cyl>7,day>2013-07-01', how);
    expect(code).toBe(0);
    for (const line of stdout.trim().split('\n').slice(1)) expect(line).toMatch(/^8,/);
  });

  it.each([
    ['rain<0.3', (rain: number, _x: number) => rain < 0.3],
    ['rain+x=0.4±0.05', (rain: number, x: number) => Math.abs(rain + x - 0.4) < 0.35],
  ])('is answered by rows that satisfy it and the bounds: %s', async (question, holds) => {
    const how = '--particles 64 --steps 20';
    const { stdout } = await run('sample cars --count 40', '--given', question, how);
    const rows = stdout
      .trim()
      .split('\n')
      .slice(1)
      .map(line => line.split(',').map(Number));
    expect(rows).toHaveLength(40);
    for (const [, x, rain] of rows) {
      expect(rain).toBeGreaterThanOrEqual(0);
      expect(holds(rain!, x!), `x ${x}, rain ${rain}`).toBe(true);
    }
  });
});
