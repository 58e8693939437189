import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { classWeights } from '../../src/cli/work/classes.ts';
import { langevin, tiny, workplace } from './support.ts';

const at = workplace();
const run = (line: string) => langevin(at, line);

/** 60 rows of two kinds. */
beforeAll(async () => {
  const rows = Array.from(
    { length: 60 },
    (_, i) => `${Math.sin(i) + 3 * (i % 2)},${Math.cos(3 * i)},${i % 2 ? 'ripe' : 'green'}`,
  );
  writeFileSync(join(at, 'fruit.csv'), `size,weight,kind\n${rows.join('\n')}\n`);
  expect(await run(`train fruit.csv --labels kind --steps 50 --out fruit ${tiny}`)).toMatchObject({
    code: 0,
  });
});

describe('classes with weights', () => {
  it('are read, and names of classes come first', () => {
    const read = (list: string, classes = ['old', 'happy']) => classWeights('--label', list, classes);
    expect(read('old:1,happy:-0.5')).toEqual({ old: 1, happy: -0.5 });
    expect(read('old,happy')).toEqual({ old: 1, happy: 1 });
    expect(read('old:2')).toEqual({ old: 2 });
    expect(read('old')).toBeUndefined();
    expect(read('nobody')).toBeUndefined();
    expect(read('a:1', ['a:1', 'b'])).toBeUndefined();
    expect(read('a,b', ['a,b', 'b'])).toBeUndefined();
    for (const wrong of ['old:much', 'old:', 'old:1,happy:x'])
      expect(() => read(wrong)).toThrow(/no number.*old:1,happy:-0.5/);
  });

  it('of one class are that class, and a product says that it is approximate', async () => {
    const draw = (label: string) => run(`sample fruit --label ${label} --count 4 --steps 5`);
    const [plain, weighted] = [await draw('ripe'), await draw('ripe:1')];
    const numbers = (text: string) => text.trim().split('\n').slice(1).join().split(',').map(Number);
    const found = numbers(weighted.stdout);
    numbers(plain.stdout).forEach((value, i) => {
      expect(Math.abs(found[i]! - value)).toBeLessThan(1e-3);
    });
    const product = await draw('ripe:1,green:-0.5');
    expect(product.code).toBe(0);
    expect(product.stderr).toMatch(/product of classes is approximate/);
    expect(product.stdout).not.toBe(plain.stdout);
    expect((await draw('ripe:1,gren:1')).stderr).toMatch(/Did you mean "green"/);
  });
});
