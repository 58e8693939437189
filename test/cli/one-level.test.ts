import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { langevin, workplace } from './support.ts';

const at = workplace();
const quick = '--steps 1 --width 4 --depth 1 --batch 16 --sigma 0.3';
const kinds = ['green', 'ripe', 'dry'];

beforeAll(async () => {
  const rows = Array.from({ length: 60 }, (_, i) => `${(i * 7) % 13},${kinds[i % 3]}`);
  writeFileSync(join(at, 'fruit.csv'), `size,kind\n${rows.join('\n')}\n`);
  for (const line of [
    `train moons ${quick} --out field`,
    `train moons --net energy ${quick} --out energy`,
    `train fruit.csv ${quick} --out fruit`,
  ])
    expect(await langevin(at, line)).toMatchObject({
      code: 0,
      stderr: expect.not.stringContaining('no report'),
    });
});

/** The command that a refusal names. */
const named = (stderr: string) => /: langevin (.*?)\. Or/.exec(stderr)![1]!;

describe('a run of one noise level', () => {
  it('is not sampled along a path: the refusal names chains, which draw when pasted', async () => {
    const refused = await langevin(at, 'sample field --count 20 --seed 3 --out some.csv');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(named(refused.stderr)).toBe('chains field --draws 1 --chains 20 --seed 3 --out some.csv');
    expect(await langevin(at, named(refused.stderr))).toMatchObject({ code: 0 });
    expect(readFileSync(join(at, 'some.csv'), 'utf8').trim().split('\n')).toHaveLength(21);
  });

  it('is not scored along a flow: the refusal names the energy, or the diagnosis of a field', async () => {
    const energy = await langevin(at, 'likelihood energy --data moons');
    expect(named(energy.stderr)).toBe('energy energy --data moons');
    const field = await langevin(at, 'likelihood field --data moons');
    expect(named(field.stderr)).toBe('diagnose field --data moons');
    expect(await langevin(at, `${named(field.stderr)} --count 50 --points 50`)).toMatchObject({ code: 0 });
  });

  it('is drawn as data with its noise beside draws of chains, an energy with its density', async () => {
    const svg = async (run: string) => {
      expect(await langevin(at, `plot ${run} --count 20 --out ${run}.svg`)).toMatchObject({ code: 0 });
      return readFileSync(join(at, `${run}.svg`), 'utf8');
    };
    const [field, energy] = [await svg('field'), await svg('energy')];
    for (const picture of [field, energy]) expect(picture).toContain('with noise of 0.3 standard deviations');
    expect([field, energy].map(picture => picture.includes('model density'))).toEqual([false, true]);
    expect(await langevin(at, 'plot field --solver heun')).toMatchObject({ code: 2 });
  });

  it('writes draws of a table in its kinds and steps, and as a picture', async () => {
    const line = 'chains fruit --chains 12 --draws 1 --burn-in 5 --out d.csv';
    expect(await langevin(at, line)).toMatchObject({ code: 0 });
    const [head, ...rows] = readFileSync(join(at, 'd.csv'), 'utf8').trim().split('\n');
    expect(head).toBe('size,kind');
    for (const [size, kind] of rows.map(row => row.split(','))) {
      expect(Number.isInteger(Number(size))).toBe(true);
      expect(kinds).toContain(kind);
    }
    const picture = 'chains fruit --chains 12 --draws 1 --burn-in 5 --denoise --out d.png';
    expect(await langevin(at, picture)).toMatchObject({ code: 0 });
    expect(existsSync(join(at, 'd.png'))).toBe(true);
  });
});
