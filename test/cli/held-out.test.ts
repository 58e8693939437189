import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../../src/files/index.ts';
import { langevin, tiny, workplace } from './support.ts';

const at = workplace();
const [data, other] = [join(at, 'data'), join(at, 'other')];
const count = 60;
const rows = Array.from({ length: count }, (_, i) => [Math.sin(i), Math.cos(3 * i) + i / 50]);
const csv = (lines: readonly (readonly number[])[]) => `a,b\n${lines.map(row => row.join(',')).join('\n')}\n`;
const turned = rows.toReversed();
const fresh = Array.from({ length: 20 }, (_, i) => [Math.sin(i + 0.5), i / 20]);
const score = '--tolerance 1e-3 --threads 1';

const likelihood = async (cwd: string, path: string) => {
  const { code, stdout, stderr } = await langevin(
    cwd,
    `likelihood ${join(at, 'run')} --data ${path} ${score}`,
  );
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return { ...(JSON.parse(stdout) as { count: number; nats: number }), stderr };
};

let known: Awaited<ReturnType<typeof likelihood>>;

beforeAll(async () => {
  for (const folder of [data, other]) mkdirSync(folder);
  writeFileSync(join(data, 'table.csv'), csv(rows));
  symlinkSync(join(data, 'table.csv'), join(other, 'link.csv'));
  writeFileSync(join(other, 'turned.csv'), csv(turned));
  writeFileSync(join(other, 'columns.csv'), `b,name,a\n${rows.map(([a, b]) => `${b},x,${a}`).join('\n')}\n`);
  writeFileSync(join(other, 'rows.npy'), writeNpy(Float64Array.from(turned.flat()), [count, 2]));
  writeFileSync(join(other, 'single.npy'), writeNpy(Float32Array.from(turned.flat()), [count, 2]));
  writeFileSync(join(other, 'single.csv'), csv(turned.map(row => row.map(Math.fround))));
  writeFileSync(join(other, 'short.csv'), csv(turned.map(row => row.map(x => Number(x.toPrecision(7))))));
  writeFileSync(join(other, 'more.csv'), csv([...fresh, ...turned]));
  writeFileSync(join(other, 'fewer.csv'), csv(turned.slice(0, 30)));
  writeFileSync(join(other, 'fresh.csv'), csv(fresh));
  const made = await langevin(data, `train table.csv --steps 50 --seed 3 --out ../run ${tiny}`);
  expect(made).toMatchObject({ code: 0 });
  known = await likelihood(data, 'table.csv');
});

describe('training rows are left out of likelihoods', () => {
  it('if the data are the training file itself', () => {
    expect(known.count).toBe(12);
    expect(known.stderr).toContain('12 of the 60 rows of table.csv kept from training');
  });

  it.each([
    ['by a path from elsewhere', other, '../data/table.csv'],
    ['by a path in full', at, join(data, 'table.csv')],
    ['by a link', at, 'other/link.csv'],
    ['with its lines in another order', other, 'turned.csv'],
    ['with its columns in another order, and one more', other, 'columns.csv'],
    ['in another format', other, 'rows.npy'],
  ])('%s', async (_, cwd, path) => {
    const got = await likelihood(cwd, path);
    expect(got.count).toBe(12);
    expect(got.nats).toBeCloseTo(known.nats, 9);
    expect(got.stderr).toContain('kept from training');
  });

  it.each(['single.npy', 'single.csv', 'short.csv'])('saved again with fewer digits: %s', async path => {
    const got = await likelihood(other, path);
    expect(got.count).toBe(12);
    expect(got.nats).toBeCloseTo(known.nats, 4);
    expect(got.stderr).toContain('kept from training');
  });

  it('of an older run too, which knows rounded rows only where float32 is exact, as in 0, 1', async () => {
    const old = join(at, 'old');
    cpSync(join(at, 'run'), old, { recursive: true });
    const { data: hashes } = readNpy(readFileSync(join(old, 'rows.npy')), 'rows.npy');
    writeFileSync(
      join(old, 'rows.npy'),
      writeNpy(
        (hashes as Float64Array).filter((_, i) => i % 3 === 0),
        [48],
      ),
    );
    const scores = await Promise.all(
      ['turned.csv', 'single.npy'].map(path => langevin(other, `likelihood ${old} --data ${path} ${score}`)),
    );
    expect(scores.map(({ stdout }) => JSON.parse(stdout).count)).toEqual([12, 59]);
  });

  it('if they are mixed with other rows', async () => {
    const [more, fewer, only] = await Promise.all(
      ['more.csv', 'fewer.csv', 'fresh.csv'].map(path => likelihood(other, path)),
    );
    expect(more!.count).toBe(12 + 20);
    expect(fewer!.stderr).toMatch(/without the \d+ trained on/);
    expect(fewer!.count + Number(/without the (\d+)/.exec(fewer!.stderr)![1])).toBe(30);
    expect(only!.count).toBe(20);
    expect(only!.stderr).not.toContain('train');
  });
});

it('a row with an absurd value has no score, and a remark names it', async () => {
  const odd = fresh.map((row, i) => (i === 7 ? [1e200, 0] : i === 9 ? [1e5, 0] : row));
  writeFileSync(join(other, 'odd.csv'), csv(odd));
  const { code, stdout, stderr } = await langevin(
    other,
    `likelihood ${join(at, 'run')} --data odd.csv ${score} --out scores.csv`,
  );
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stderr).toMatch(/row 8: a=1e\+200 is .* standard deviations from .*; it has no score/);
  expect(stderr).toMatch(/row 10: a=100000 is .*; this lowers the mean/);
  expect(JSON.parse(stdout)).toMatchObject({ count: 20, unscored: 1 });
  const lines = readFileSync(join(other, 'scores.csv'), 'utf8').trimEnd().split('\n').slice(1);
  expect(lines.filter(line => /^\d+,-?[\d.]+/.test(line))).toHaveLength(19);
  expect(lines[7]).toBe('8,,');
});

describe('a run finds its data from any folder', () => {
  it('plot draws them', async () => {
    const { code, stderr } = await langevin(
      other,
      `plot ${join(at, 'run')} --count 50 --out plot.png --threads 1`,
    );
    expect({ code, stderr }).toMatchObject({ code: 0 });
  });

  it('resume continues with them, and is refused if a row or the order has changed', async () => {
    const resume = (path = '') => langevin(other, `train ${path} --resume --out ../run`.replace('  ', ' '));
    expect(await resume('--bounds a>=0 --exclude z')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/keeps its settings: --exclude, --bounds are not read again/),
    });
    expect(await resume('link.csv')).toMatchObject({ code: 0 });
    for (const path of ['turned.csv', 'fresh.csv'])
      expect(await resume(path)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('not those of the run'),
      });
    writeFileSync(join(data, 'table.csv'), csv([[9, 9], [9, 8], [9, 7], ...rows.slice(3)]));
    expect((await resume()).stderr).toMatch(/48 rows to train on, 4[5-7] of them those of the run/);
  });
});
