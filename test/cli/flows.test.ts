import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readNpy } from '../../src/files/index.ts';
import { fixture, langevin, tiny, workplace } from './support.ts';

const at = workplace();
const rows = (csv: string) =>
  csv
    .trim()
    .split('\n')
    .slice(1)
    .map(line => line.split(',').map(Number));

/** 60 rows with two numeric columns and one column of text. */
const table = (): string => {
  const lines = Array.from({ length: 60 }, (_, i) => `${Math.sin(i)},g${i % 3},${(i * 7) % 10}`);
  return `height,kind,weight\n${lines.join('\n')}\n`;
};

beforeAll(async () => {
  writeFileSync(join(at, 'table.csv'), table());
  const made = await langevin(at, `train moons --steps 100 --out toy --json ${tiny}`);
  expect(made).toMatchObject({ code: 0 });
  expect(JSON.parse(made.stdout)).toMatchObject({ run: 'toy', steps: 100 });
});

describe('sample', () => {
  it('prints only CSV on stdout, the same for the same seed, and the same in parts', async () => {
    const whole = await langevin(at, 'sample toy --count 8 --steps 5 --seed 3 --batch 4');
    const part = await langevin(at, 'sample toy --count 4 --first 4 --steps 5 --seed 3 --batch 4 --quiet');
    expect([whole.code, part.code]).toEqual([0, 0]);
    expect(whole.stdout.startsWith('x1,x2\n')).toBe(true);
    expect(part.stderr).toBe('');
    expect(rows(whole.stdout)).toHaveLength(8);
    expect(rows(whole.stdout).slice(4)).toEqual(rows(part.stdout));
  });

  it('writes an array of the same values to .npy, and a picture to .png', async () => {
    const csv = await langevin(at, 'sample toy --count 8 --steps 5 --seed 3');
    const npy = await langevin(at, 'sample toy --count 8 --steps 5 --seed 3 --out s.npy');
    const png = await langevin(at, 'sample toy --count 8 --steps 5 --seed 3 --out s.png');
    expect([npy.code, npy.stdout, png.code, png.stdout]).toEqual([0, '', 0, '']);
    const array = readNpy(readFileSync(join(at, 's.npy')), 's.npy');
    expect(array.shape).toEqual([8, 2]);
    expect(Float64Array.from(rows(csv.stdout).flat())).toEqual(array.data);
    expect(readFileSync(join(at, 's.png')).subarray(1, 4).toString()).toBe('PNG');
  });

  it('takes a solver from a file, with its options', async () => {
    const midpoint = await langevin(at, [
      'sample',
      'toy',
      '--count=4',
      '--steps=30',
      '--solver',
      fixture('my-solver.mjs'),
    ]);
    const late = await langevin(at, [
      ...['sample', 'toy', '--count=4', '--steps=30', '--solver', fixture('my-solver.mjs')],
      ...['--solver-options', 'at=0.6'],
    ]);
    const heun = await langevin(at, 'sample toy --count 4 --steps 30 --solver heun');
    expect(midpoint).toMatchObject({ code: 0 });
    const [mine, other, theirs] = [midpoint, late, heun].map(({ stdout }) => rows(stdout).flat());
    const apart = (a: number[], b: number[]) => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
    expect(apart(mine!, theirs!)).toBeGreaterThan(0);
    expect(apart(mine!, theirs!)).toBeLessThan(0.2);
    expect(other).not.toEqual(mine);
  });
});

describe('likelihood', () => {
  it('prints one line of JSON with the mean of the values that it writes for each row', async () => {
    const { code, stdout } = await langevin(
      at,
      'likelihood toy --data moons --count 20 --tolerance 1e-3 --out l.csv',
    );
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    const { nats, ...rest } = JSON.parse(stdout);
    expect(rest).toMatchObject({ count: 20, solver: 'rk45' });
    const values = rows(readFileSync(join(at, 'l.csv'), 'utf8')).map(row => row[1]!);
    expect(values.reduce((sum, value) => sum + value, 0) / 20).toBeCloseTo(nats, 9);
  });

  it('scores the rows kept from training, or all rows', async () => {
    const made = await langevin(
      at,
      `train table.csv --steps 50 --test-fraction 0.25 --seed 5 --out table ${tiny}`,
    );
    expect(made).toMatchObject({ code: 0 });
    expect(made.stderr).toContain('"kind"');
    const score = 'likelihood table --data table.csv --solver heun --steps 10';
    const kept = await langevin(at, `${score} --out kept.csv`);
    const all = await langevin(at, `${score} --all --out all.csv`);
    expect(JSON.parse(kept.stdout).count).toBe(15);
    expect(JSON.parse(all.stdout).count).toBe(60);
    expect(kept.stderr).toContain('kept from training');
    const everyRow = rows(readFileSync(join(at, 'all.csv'), 'utf8'));
    for (const [row, value] of rows(readFileSync(join(at, 'kept.csv'), 'utf8'))) {
      expect(everyRow[row! - 1]![1]).toBeCloseTo(value!, 4);
    }
  });
});

it('encode and decode are inverse to each other', async () => {
  await langevin(at, 'encode toy --data moons --count 6 --seed 2 --out z.npy');
  const back = await langevin(at, 'decode toy --data z.npy');
  const there = await langevin(at, `encode toy --data moons --count 6 --seed 2`);
  expect(there.stdout.startsWith('z1,z2\n')).toBe(true);
  writeFileSync(join(at, 'back.csv'), back.stdout);
  const again = await langevin(at, 'encode toy --data back.csv');
  const [a, b] = [there, again].map(({ stdout }) => rows(stdout).flat());
  for (const [i, value] of a!.entries()) expect(b![i]!).toBeCloseTo(value, 3);
});

it('an SDE from a file is used in training, and named again to sample', async () => {
  const trained = await langevin(at, [
    'train',
    'moons',
    '--steps=50',
    '--out=own',
    '--sde',
    fixture('my-sde.mjs'),
    ...tiny.split(' '),
  ]);
  expect(trained).toMatchObject({ code: 0 });
  const without = await langevin(at, 'sample own --count 2');
  expect(without).toMatchObject({ code: 2, stdout: '' });
  expect(without.stderr).toContain('--sde');
  const sampled = await langevin(at, [
    'sample',
    'own',
    '--count=2',
    '--steps=5',
    '--sde',
    fixture('my-sde.mjs'),
  ]);
  expect(rows(sampled.stdout)).toHaveLength(2);
  const unnamed = await langevin(at, 'train --resume --out own');
  expect(unnamed.code).toBe(2);
  expect(unnamed.stderr).toContain('Name its file again: --sde');
  const named = ['train', '--resume', '--out=own', '--sde', fixture('my-sde.mjs')];
  expect(await langevin(at, named)).toMatchObject({ code: 0 });
});

it('a network from a file is used in training with its options, and named again to sample and to continue', async () => {
  const net = ['--net', fixture('my-net.mjs')];
  const line = ['train', 'moons', '--steps=50', '--batch=32', '--out=shallow', ...net];
  const trained = await langevin(at, [...line, '--net-options', 'width=8']);
  expect(trained).toMatchObject({ code: 0 });
  const config = JSON.parse(readFileSync(join(at, 'shallow/config.json'), 'utf8'));
  expect(config.net).toMatchObject({ name: 'file', width: 8, predicts: 'velocity' });
  const unnamed = await langevin(at, 'sample shallow --count 2');
  expect(unnamed).toMatchObject({ code: 2, stdout: '' });
  expect(unnamed.stderr).toContain('Name its file again: --net');
  const sampled = await langevin(at, ['sample', 'shallow', '--count=2', '--steps=5', ...net]);
  expect(rows(sampled.stdout)).toHaveLength(2);
  expect(await langevin(at, ['train', '--resume', '--out=shallow', ...net])).toMatchObject({ code: 0 });
  const other = await langevin(at, [...line.slice(0, 4), '--out=none', '--net', fixture('my-sde.mjs')]);
  expect(other).toMatchObject({ code: 2 });
  expect(other.stderr).toContain('this is not a network');
});

it('an SDE and a schedule by formula equal those that they describe', async () => {
  const line = (options: string[]) => ['train', 'moons', '--steps=50', ...options, ...tiny.split(' ')];
  await langevin(at, line(['--out=named']));
  await langevin(at, line(['--schedule', '0.1 + 19.9*t', '--out=formula']));
  const [named, formula] = await Promise.all(
    ['named', 'formula'].map(run => langevin(at, `sample ${run} --count 4 --steps 10`)),
  );
  const [a, b] = [named!, formula!].map(({ stdout }) => rows(stdout).flat());
  for (const [i, value] of a!.entries()) expect(b![i]!).toBeCloseTo(value, 2);
  const own = ['--sde=formula', '--drift', '-5*x', '--diffusion', 'sqrt(10)', '--out=own-formula'];
  expect(await langevin(at, line(own))).toMatchObject({ code: 0 });
  expect(await langevin(at, 'sample own-formula --count 2 --steps 5')).toMatchObject({ code: 0 });
});

it('plot draws the samples and the loss', async () => {
  const { code, stdout } = await langevin(at, 'plot toy --count 50');
  expect([code, stdout]).toEqual([0, '']);
  for (const name of ['plot.png', 'plot-loss.png']) {
    expect(
      readFileSync(join(at, 'toy', name))
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  }
});

it('list shows what the solvers declare, and doctor what loads', async () => {
  const list = await langevin(at, 'list solvers --json');
  const heun = JSON.parse(list.stdout).find((entry: { name: string }) => entry.name === 'heun');
  expect(heun).toMatchObject({ order: 2, noise: 'none', evaluationsPerStep: 2, adaptive: false });
  const doctor = await langevin(at, 'doctor --json');
  expect(doctor.code).toBe(0);
  for (const name of ['node', 'wasm', 'cpu', 'png pictures']) {
    expect(JSON.parse(doctor.stdout)).toContainEqual(expect.objectContaining({ name, works: true }));
  }
});

it('options come from the command line, then from the environment, then from the file', async () => {
  writeFileSync(join(at, 'options.json'), JSON.stringify({ count: 3, steps: 5, out: 'from-file.csv' }));
  const file = await langevin(at, 'sample toy --config options.json');
  expect([file.code, file.stdout]).toEqual([0, '']);
  expect(rows(readFileSync(join(at, 'from-file.csv'), 'utf8'))).toHaveLength(3);
  const env = { LANGEVIN_COUNT: '4', LANGEVIN_STRANGER: '1' };
  await langevin(at, 'sample toy --config options.json', env);
  expect(rows(readFileSync(join(at, 'from-file.csv'), 'utf8'))).toHaveLength(4);
  await langevin(at, 'sample toy --config options.json --count 5', env);
  expect(rows(readFileSync(join(at, 'from-file.csv'), 'utf8'))).toHaveLength(5);
});

it('progress as JSON lines stays on stderr', async () => {
  const { stderr, stdout } = await langevin(at, `train moons --steps 100 --out p --progress json ${tiny}`);
  expect(stdout).toBe('');
  const last = stderr
    .split('\n')
    .filter(line => line.startsWith('{"progress"'))
    .at(-1)!;
  expect(JSON.parse(last)).toMatchObject({ progress: 'training', step: 100, steps: 100, fraction: 1 });
});

it('the pictures of why noise is needed show it', async () => {
  const { execFileSync } = await import('node:child_process');
  const example = join(import.meta.dirname, '../../examples/why-noise.mjs');
  const folder = workplace();
  const result = JSON.parse(execFileSync(process.execPath, [example, folder, '200'], { encoding: 'utf8' }));
  for (const name of ['score-error', 'manifold', 'lost-weight'])
    expect(
      readFileSync(join(folder, `${name}.png`))
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  // At little noise the score is wrong where data are rare; at much noise it is right everywhere.
  expect(result.lowDensity[0]).toBeGreaterThan(2 * result.highDensity[0]);
  expect(result.lowDensity[1]).toBeLessThan(0.01 * result.highDensity[0]);
  // On a circle one of two directions has no width: the score has the length 1/σ there, 50 at σ = 0.02.
  expect(result.lengths[0]).toBeCloseTo(50, -1);
  expect(Math.abs(result.smallMode[0] - 0.5)).toBeLessThan(0.06);
  expect(Math.abs(result.smallMode[1] - 0.01)).toBeLessThan(0.01);
});

it('the example of the library runs', async () => {
  const { execFileSync } = await import('node:child_process');
  const example = join(import.meta.dirname, '../../examples/train-sample-likelihood.mjs');
  const result = JSON.parse(execFileSync(process.execPath, [example, '50'], { encoding: 'utf8' }));
  expect(result.samples).toEqual([1000, 2]);
  expect(result.nats).toBeLessThan(0);
});
