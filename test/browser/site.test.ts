import { mkdtempSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serveRun } from '../../src/cli/work/view.ts';
import { exportSafetensors } from '../../src/export/safetensors.ts';
import { train } from '../../src/index.ts';
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

describe('the pages in Chromium', () => {
  it('show a run that was trained in Node, on its way from noise to samples', async ({ skip }) => {
    if (chromiumAbsent) skip(chromiumAbsent);
    await page().locator('#time-value').getByText('t = 0.00').waitFor({ timeout: 120_000 });
    expect(await page().textContent('h1')).toBe('moons');
    expect(await page().textContent('#card')).toMatch(/60 steps of 64 rows/);
  });

  it('learn a table that is dropped, and give new rows as a file', async ({ skip }) => {
    if (chromiumAbsent) skip(chromiumAbsent);
    const rows = Array.from({ length: 80 }, (_, i) => `${i % 7},${(i * i) % 11},${i % 3 ? 'oak' : 'elm'}`);
    const buffer = Buffer.from(['width,height,tree', ...rows].join('\n'));
    await go('table.html');
    await page().setInputFiles('#drop input', { name: 'trees.csv', mimeType: 'text/csv', buffer });
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
