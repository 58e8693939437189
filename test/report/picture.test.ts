import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { imageGrid, writePicture } from '../../src/report/index.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'langevin-report-'));
});
afterAll(() => rm(folder, { recursive: true }));

const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect width="10" height="20" fill="#ff0000"/></svg>';

test('the suffix chooses the format', async () => {
  await writePicture(join(folder, 'a.svg'), svg);
  expect(await readFile(join(folder, 'a.svg'), 'utf8')).toBe(svg);
  await writePicture(join(folder, 'a.PNG'), svg);
  const { width, height, data } = decode(await readFile(join(folder, 'a.PNG')));
  expect([width, height]).toEqual([60, 40]);
  expect([...data.subarray(0, 4)]).toEqual([255, 0, 0, 255]);
  expect([...data.subarray(4 * 59, 4 * 60)]).toEqual([255, 255, 255, 255]);
});

test('PNG bytes are written unchanged', async () => {
  const bytes = imageGrid({ data: new Float32Array(12), shape: [3, 2, 2] });
  await writePicture(join(folder, 'b.png'), bytes);
  expect(new Uint8Array(await readFile(join(folder, 'b.png')))).toEqual(bytes);
});

test('a suffix that does not fit is refused', async () => {
  await expect(writePicture(join(folder, 'a.jpg'), svg)).rejects.toThrow(/\.svg or \.png/);
  await expect(writePicture(join(folder, 'a.svg'), new Uint8Array(3))).rejects.toThrow(/\.png or \.apng/);
});
