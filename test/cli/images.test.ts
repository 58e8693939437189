import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import { langevin, tiny, workplace } from './support.ts';

const at = workplace();

beforeAll(async () => {
  mkdirSync(join(at, 'pictures'));
  for (let n = 0; n < 20; n++) {
    const [width, height] = [8 + (n % 3), 9];
    const data = Uint8Array.from({ length: width * height }, (_, i) => (i * 31 + n * 17) % 256);
    writeFileSync(join(at, `pictures/${n}.png`), encode({ width, height, channels: 1, depth: 8, data }));
  }
  const made = await langevin(
    at,
    `train pictures --size 6 --flips --steps 100 --sample-every 50 --sample-count 4 --out run ${tiny}`,
  );
  expect(made).toMatchObject({ code: 0 });
});

describe('images on the command line', () => {
  it('are trained at the requested side, with mirrored images and with grids of samples during training', () => {
    const { data } = JSON.parse(readFileSync(join(at, 'run/config.json'), 'utf8'));
    expect(data).toMatchObject({ shape: [6, 6], size: 6, flips: true });
    expect(readdirSync(join(at, 'run/samples')).sort()).toEqual(['step-100.png', 'step-50.png']);
  });

  it('are scored at the same side by default, by a bound in bits per dimension', async () => {
    const line = 'likelihood run --data pictures --bound --draws 4';
    const [kept, all, some] = [
      await langevin(at, line),
      await langevin(at, `${line} --all`),
      await langevin(at, `${line} --all --count 7 --out rows.csv`),
    ];
    const [a, b, c] = [kept, all, some].map(({ stdout }) => JSON.parse(stdout));
    expect(a).toMatchObject({ count: 4, bound: true, draws: 4, evaluations: 4 });
    expect(a.bitsPerDim).toBeCloseTo(-a.nats / (36 * Math.LN2), 10);
    expect([b.count, c.count]).toEqual([20, 7]);
    const rows = readFileSync(join(at, 'rows.csv'), 'utf8').trim().split('\n');
    expect(rows[0]).toBe('row,log_likelihood_bound,standard_error');
    expect(rows.slice(1).map(row => Number(row.split(',')[0]))).toEqual([1, 3, 6, 9, 12, 15, 18]);
  });

  it('--path shows them as a strip or an animation, and --out writes the samples only on request', async () => {
    const strip = await langevin(at, 'sample run --steps 4 --path way.png');
    const movie = await langevin(at, 'sample run --steps 4 --path way.gif --frames 3 --out s.npy');
    expect([strip.code, strip.stdout, movie.code, movie.stdout]).toEqual([0, '', 0, '']);
    expect(readFileSync(join(at, 'way.png')).subarray(1, 4).toString()).toBe('PNG');
    expect(readFileSync(join(at, 'way.gif')).subarray(0, 3).toString()).toBe('GIF');
    const plain = await langevin(at, 'sample run --steps 4 --count 16 --out t.npy');
    expect(plain.code).toBe(0);
    expect(readFileSync(join(at, 's.npy')).equals(readFileSync(join(at, 't.npy')))).toBe(true);
  });

  it.each([
    ['likelihood run --data pictures --bound --steps 4', 'Choose --bound or --steps, not both'],
    ['likelihood run --data pictures --draws 4', '--draws is an option of --bound'],
    ['sample run --path way.svg', '--path: The ending of the output file is not supported'],
    ['sample run --frames 4', '--frames is an option of --path'],
    ['train pictures --resume --out run --size 5', 'A resumed run keeps its settings'],
    ['train pictures --size 0 --out other', '--size: The option has a wrong value'],
    ['train pictures --out other', 'images of different sizes'],
    ['train moons --flips --out other', 'a toy density takes no flips'],
    ['train moons --sample-every 50 --out other', 'Only images are drawn'],
  ])('%s is refused', async (line, message) => {
    const { code, stderr } = await langevin(at, line);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
