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

describe('a classifier', () => {
  const which = `train fruit.csv --labels kind --objective classifier --for fruit --steps 100 ${tiny}`;

  it('is trained for a run, says how good it is, and guides the run', async () => {
    const trained = await run(`${which} --out which --json`);
    expect(trained).toMatchObject({ code: 0 });
    expect(trained.stderr).toMatch(/12 test rows; always ".*" is right in \d+ %.*\nnoise \(σ\/α\) {2}right/);
    const again = await run('report which');
    expect(again.stdout).toMatch(/^which: 100 steps.*\n12 test rows; always/);
    const { report } = JSON.parse(trained.stdout);
    expect(report.levels[0]).toEqual({
      noise: expect.closeTo(0.01, 2),
      accuracy: expect.any(Number),
      crossEntropy: expect.any(Number),
    });
    const drawn = await run(
      'sample fruit --classifier which --class ripe --given weight>0 --count 40 --steps 10 --particles 64',
    );
    expect(drawn.stderr).toMatch(/answered by smc with mmps/);
    const rows = drawn.stdout.trim().split('\n').slice(1);
    expect(rows).toHaveLength(40);
    for (const row of rows) expect(Number(row.split(',')[1])).toBeGreaterThan(0);
    const plain = await run(
      'sample fruit --classifier which --class ripe:1,green:-0.5 --method classifier --count 4',
    );
    expect(plain).toMatchObject({ code: 0 });
    expect(plain.stderr).toMatch(/answered by classifier/);
  });

  it('resumes, and is refused where a score is needed', async () => {
    const more = await run(`train --resume --out which --steps 150 --threads 1`);
    expect(more).toMatchObject({ code: 0 });
    expect(more.stderr).toMatch(/trained 150 steps/);
    expect((await run(`train --resume --out which --width 9`)).stderr).toMatch(/keeps its settings/);
    for (const line of [
      'sample which',
      'likelihood which --data fruit.csv',
      'evidence which --given weight=1',
      'plot which',
    ])
      expect((await run(line)).stderr, line).toMatch(/is a classifier.*has no score.*--classifier/);
    expect((await run('sample fruit --classifier fruit --class ripe')).stderr).toMatch(/no classifier/);
    expect((await run('sample fruit --class ripe')).stderr).toMatch(/belong together.*--label/);
    expect((await run('sample fruit --classifier which --class rip')).stderr).toMatch(/Did you mean "ripe"/);
    expect((await run(`${which} --sigma 1 --out other`)).stderr).toMatch(/no --sigma/);
    expect((await run('train fruit.csv --for fruit --out other')).stderr).toMatch(/--objective classifier/);
  });
});
