import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDataset } from '../../src/data/index.ts';
import { fillNormal, key } from '../../src/random/index.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'langevin-wild-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const count = 400;
const normals = new Float32Array(2 * count);
fillNormal(normals, key(3, 'wild'), { step: 0, first: 0, size: 2 });
const open = (name: string, row: (a: number, b: number, i: number) => readonly number[]) => {
  const file = join(dir, `${name}.csv`);
  const lines = Array.from({ length: count }, (_, i) => row(normals[2 * i]!, normals[2 * i + 1]!, i).join());
  writeFileSync(file, `a,b\n${lines.join('\n')}\n`);
  return openDataset(file, { tables: { scaling: 'auto' } });
};

test('one wild value is named, and does not scale its column', async () => {
  const data = await open('one', (a, b, i) => [i === 41 ? 1e4 : a, b]);
  expect(data.notes.filter(note => note.startsWith('far from'))).toEqual([
    'far from the rest of their column: "a" 10000 (row 42). Mend the file if they are slips',
  ]);
  const z = new Float64Array(2 * count);
  data.read(
    z,
    key(0, 'read'),
    Uint32Array.from({ length: count }, (_, i) => i),
  );
  const column = z.filter((_, i) => i % 2 === 0).sort();
  const bulk = column[Math.round(0.84 * count)]! - column[Math.round(0.16 * count)]!;
  expect(bulk).toBeGreaterThan(1.5);
});

test('neither a Gaussian nor a log-normal column has wild values', async () => {
  const data = await open('tails', (a, b) => [a, Math.exp(b)]);
  expect(data.notes.join()).not.toContain('far from');
});

test('JSON that has its table in a member says which', async () => {
  const file = join(dir, 'nested.json');
  writeFileSync(file, JSON.stringify({ type: 'x', rows: [{ a: 1 }, { a: 2 }] }));
  await expect(openDataset(file)).rejects.toThrow('Write the array "rows" of it into a file of its own');
});
