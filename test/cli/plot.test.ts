import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import { embedded, words } from '../report/support.ts';
import { langevin, tiny, workplace } from './support.ts';

const at = workplace();
const svg = (name: string) => readFileSync(join(at, name), 'utf8');

/** 60 rows; one class has twice as many as the other. */
const table = () => {
  const row = (_: unknown, i: number) => `${Math.sin(i)},${Math.cos(3 * i)},${i % 3 ? 'ripe' : 'green'}`;
  return `size,weight,kind\n${Array.from({ length: 60 }, row).join('\n')}\n`;
};

beforeAll(async () => {
  writeFileSync(join(at, 'fruit.csv'), table());
  const made = await langevin(
    at,
    `train fruit.csv --labels kind --test-fraction 0.25 --steps 50 --out fruit ${tiny}`,
  );
  expect(made).toMatchObject({ code: 0 });
  mkdirSync(join(at, 'pictures'));
  for (let n = 0; n < 70; n++) {
    const data = Uint8Array.from({ length: 36 }, (_, i) => (i * 31 + n * 17) % 256);
    writeFileSync(
      join(at, `pictures/${n}.png`),
      encode({ width: 6, height: 6, channels: 1, depth: 8, data }),
    );
  }
  expect(await langevin(at, `train pictures --steps 50 --out images ${tiny}`)).toMatchObject({ code: 0 });
});

describe('a picture of a run', () => {
  it('shows the run, its score on held-out rows, and the colours of its classes', async () => {
    expect(await langevin(at, 'plot fruit --count 30 --steps 5 --out fruit.svg')).toMatchObject({ code: 0 });
    const drawn = words(svg('fruit.svg'));
    expect(drawn).toEqual(expect.arrayContaining(['fruit.csv, vp, 50 steps', 'kind', 'green', 'ripe']));
    expect(
      drawn.some(word => /^held out: −?\d+\.\d\d ± \S+ nats \(15 rows; a Gaussian −?\d+\.\d\d\)$/.test(word)),
    ).toBe(true);
    expect(words(svg('fruit-loss.svg'))).toContain('fruit.csv, vp, 50 steps');
  });

  it('names the columns in a picture of trajectories', async () => {
    expect(await langevin(at, 'sample fruit --path way.svg --steps 5')).toMatchObject({ code: 0 });
    expect(words(svg('way.svg'))).toEqual(
      expect.arrayContaining(['fruit.csv, vp, 50 steps', 'size', 'weight']),
    );
  });

  it('draws samples of every class with --label all', async () => {
    const png = 'sample fruit --label all --count 20 --steps 5 --out all.png';
    expect(await langevin(at, png)).toMatchObject({ code: 0 });
    expect(readFileSync(join(at, 'all.png')).subarray(1, 4).toString()).toBe('PNG');
  });

  it('shows 64 images next to 64 of the data, and only samples if the data are missing', async () => {
    expect(await langevin(at, 'plot images --steps 3 --out both.svg')).toMatchObject({ code: 0 });
    expect(words(svg('both.svg')).filter(word => word === '64 images')).toHaveLength(2);
    expect(words(svg('both.svg'))).toEqual(
      expect.arrayContaining(['pictures, vp, 50 steps', 'data', 'samples']),
    );
    expect(embedded(svg('both.svg')).map(({ width, height }) => [width, height])).toEqual([
      [2 + 8 * 62, 2 + 8 * 62],
      [2 + 8 * 62, 2 + 8 * 62],
    ]);
    rmSync(join(at, 'pictures'), { recursive: true });
    const alone = await langevin(at, 'plot images --steps 3 --count 9 --out alone.svg');
    expect(alone).toMatchObject({ code: 0 });
    expect(alone.stderr).toContain('the picture shows samples only');
    expect(words(svg('alone.svg'))).not.toContain('data');
  });
});
