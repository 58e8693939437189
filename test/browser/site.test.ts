import { mkdtempSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serveRun } from '../../src/cli/work/view.ts';
import { finiteDataset } from '../../src/data/index.ts';
import { exportSafetensors } from '../../src/export/safetensors.ts';
import { openRun, train } from '../../src/index.ts';
import { chromiumAbsent, type OpenPage, visit } from './support.ts';

const root = join(import.meta.dirname, '../..');
const opened: { served?: Served; page?: OpenPage } = {};

beforeAll(async () => {
  const { build } = await import('vite');
  const pages = mkdtempSync(join(tmpdir(), 'langevin-pages-'));
  await build({
    ...{ root: join(root, 'site/pages'), configFile: join(root, 'site/pages/vite.config.js') },
    ...{ logLevel: 'error', build: { outDir: pages, emptyOutDir: true } },
  });
  const net = { name: 'mlp', width: 16, depth: 2 } as const;
  const run = await train({ data: 'moons', net, batch: 64, steps: 60 });
  opened.served = await serveRun(exportSafetensors(run), { pages });
  if (!chromiumAbsent) opened.page = await visit(opened.served.url);
});
afterAll(async () => {
  await opened.page?.close();
  await opened.served?.close();
});

/** The status of a request to the server of the pages. */
const status = (path: string, options: { method?: string; host?: string } = {}) =>
  new Promise<number>((resolve, reject) => {
    const { port } = new URL(opened.served!.url);
    const { method = 'GET', host = '127.0.0.1' } = options;
    request({ host: '127.0.0.1', port, path, method, headers: { host } }, reply => {
      reply.resume();
      resolve(reply.statusCode!);
    })
      .on('error', reject)
      .end();
  });

describe('the server of a run', () => {
  it('gives the pages, the runtime and the run, and nothing else', async () => {
    for (const path of ['/run.html', '/table.html', '/ort-wasm-simd-threaded.wasm', '/run.safetensors'])
      expect(await status(path)).toBe(200);
    for (const path of ['/package.json', '/../package.json', '/%2e%2e/package.json', '/assets', '//run.html'])
      expect(await status(path), path).toBe(404);
  });

  it('only reads, and only for this machine', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) expect(await status('/run.html', { method })).toBe(405);
    expect(await status('/run.safetensors', { host: 'example.org' })).toBe(403);
    expect(opened.served!.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
  });
});

const page = () => opened.page!.page;
const state = (text: RegExp) => page().locator('#state').getByText(text).waitFor({ timeout: 120_000 });
/** Goes to another of the pages. */
const go = (name: string) => page().goto(new URL(name, opened.served!.url).href);

/** A table with an empty cell in every tenth row. */
const trees = [
  'width,height,tree',
  ...Array.from(
    { length: 80 },
    (_, i) => `${i % 7},${i % 10 === 4 ? '' : (i * i) % 11},${i % 3 ? 'oak' : 'elm'}`,
  ),
].join('\n');

/** A run of pictures of four by four pixels, as one file. */
async function pictureRun(): Promise<Uint8Array> {
  const values = Float64Array.from({ length: 40 * 16 }, (_, i) => (7 * i) % 256);
  const table = { where: 'squares', values, count: 40, shape: [4, 4] };
  const data = finiteDataset('squares', table, { dequantize: true, scaling: 'symmetric' });
  return exportSafetensors(
    await train({ data, net: { name: 'mlp', width: 16, depth: 1 }, batch: 8, steps: 5 }),
  );
}

/** The colour of a canvas at a place of it, both from 0 to 1. */
const pixel = (canvas: string, x: number, y: number): Promise<number[]> =>
  page().evaluate(`(() => {
    const canvas = document.querySelector('${canvas}');
    const one = document.createElement('canvas').getContext('2d');
    one.drawImage(canvas, -${x} * canvas.width, -${y} * canvas.height);
    return [...one.getImageData(0, 0, 1, 1).data];
  })()`);

describe('the pages in Chromium', () => {
  it('show a run that was trained in Node, on its way from noise to samples', async ({ skip }) => {
    if (chromiumAbsent) skip(chromiumAbsent);
    await page().locator('#time-value').getByText('t = 0.00').waitFor({ timeout: 120_000 });
    expect(await page().textContent('h1')).toBe('moons');
    expect(await page().textContent('#card')).toMatch(/60 steps of 64 rows/);
  });

  it('show the samples of the density on a line', async ({ skip }) => {
    if (chromiumAbsent) skip(chromiumAbsent);
    await go('play.html');
    await state(/^Ready/);
    await page().click('.choice >> text=Given');
    await state(/^Computing/);
    await state(/^(Ready|No sample)/);
    expect(await page().textContent('#state')).toBe('Ready.');
  });

  it('fill a hole that is painted into a picture, by pointer and by keyboard', async ({ skip }) => {
    if (chromiumAbsent) skip(chromiumAbsent);
    await go('run.html');
    const file = { name: 'squares.safetensors', mimeType: 'application/octet-stream' };
    await page().setInputFiles('#drop input', { ...file, buffer: Buffer.from(await pictureRun()) });
    await page().locator('#hole').waitFor({ timeout: 120_000 });
    await page().fill('#brush-width', '2');
    await page().click('#brush', { position: { x: 5, y: 5 } });
    expect(await page().textContent('#hole-note')).toBe('4 of 16 pixels are open.');
    await page().focus('#brush');
    for (const key of ['ArrowRight', 'ArrowRight', 'Space']) await page().keyboard.press(key);
    expect(await page().textContent('#hole-note')).toBe('8 of 16 pixels are open.');
    await page().click('#fill');
    await page().locator('#filled-figure').waitFor({ timeout: 120_000 });
    // The first draw, in a grid of four by two, has the known pixels of the picture.
    for (const [x, y] of [
      [0.125, 0.625],
      [0.625, 0.875],
    ] as const)
      expect(await pixel('#filled', x / 4, y / 2)).toEqual(await pixel('#brush', x, y));
  });

  it('learn a table that is dropped, and give new rows as a file', async ({ skip }) => {
    if (chromiumAbsent) skip(chromiumAbsent);
    await go('table.html');
    const file = { name: 'trees.csv', mimeType: 'text/csv', buffer: Buffer.from(trees) };
    await page().setInputFiles('#drop input', file);
    await state(/Now train/);
    await page().fill('#steps', '100');
    await page().evaluate(`document.querySelector('#count').value = '12'`);
    await page().click('#learn');
    await state(/^Done/);
    const [download] = await Promise.all([page().waitForEvent('download'), page().click('#save-rows')]);
    expect(download.suggestedFilename()).toBe('trees-new.csv');
    const [head, ...lines] = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\n');
    expect(head).toBe('width,height,tree');
    expect(lines).toHaveLength(12);
    for (const line of lines) expect(line).toMatch(/^-?\d+,-?\d+,(oak|elm)$/);
    expect(await page().locator('#margins canvas').count()).toBe(3);
    // The pair begins with the two columns of numbers.
    expect([await page().inputValue('#pair-x'), await page().inputValue('#pair-y')]).toEqual(['0', '1']);
  });

  it('order rows by their score, and fill the cells that were empty', async ({ skip }) => {
    if (chromiumAbsent) skip(chromiumAbsent);
    await page().click('#strange');
    await state(/^Done/);
    const scores = await page().locator('#answer mark').allTextContents();
    expect(scores).toHaveLength(8);
    expect(scores.map(Number)).toEqual(scores.map(Number).toSorted((a, b) => a - b));
    await page().click('#fill');
    await state(/^Done/);
    const [download] = await Promise.all([page().waitForEvent('download'), page().click('#save-filled')]);
    const filled = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\n');
    const given = trees.split('\n');
    expect(filled).toHaveLength(given.length);
    for (const [i, line] of given.entries())
      expect(filled[i]).toMatch(new RegExp(`^${line.replace(/,,/, ',-?\\d+,')}$`));
  });

  it('give the model as a file that opens in Node', async ({ skip }) => {
    if (chromiumAbsent) skip(chromiumAbsent);
    const [download] = await Promise.all([page().waitForEvent('download'), page().click('#save-run')]);
    const run = await openRun({ file: readFileSync(await download.path()) });
    expect(run.config.data.columns).toEqual(['width', 'height', 'tree']);
  });

  it('stop a training at once', async ({ skip }) => {
    if (chromiumAbsent) skip(chromiumAbsent);
    await page().fill('#steps', '10000');
    await page().click('#learn');
    await state(/^Step/);
    await page().click('#stop');
    await state(/^Stopped/);
    expect(await page().isEnabled('#learn')).toBe(true);
  });

  it('say what is wrong with a file, and write nothing to the console', async ({ skip }) => {
    if (chromiumAbsent) skip(chromiumAbsent);
    const buffer = Buffer.from('a,b\n1,2\n3\n');
    await page().setInputFiles('#drop input', { name: 'ragged.csv', mimeType: 'text/csv', buffer });
    await state(/ragged row/);
    expect(opened.page!.complaints).toEqual([]);
  });
});
