import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeNpy } from '../../src/files/index.ts';
import { logLikelihood, sample, type TrainedRun, train } from '../../src/index.ts';
import { values } from '../support/draw.ts';
import { chromiumAbsent, fixturePage, type OpenPage, openPage } from './support.ts';

const tiny = { data: 'moons', net: { name: 'mlp', width: 16, depth: 2 }, batch: 64, seed: 5 } as const;
const opened: { page?: OpenPage; run?: TrainedRun } = {};

/** A function of `fixtures/page.js`, called in the page. */
const inPage = <T>(name: string, ...args: readonly unknown[]): Promise<T> =>
  opened.page!.page.evaluate(`work.${name}(...${JSON.stringify(args)})`);

beforeAll(async () => {
  if (chromiumAbsent) return;
  const out = join(mkdtempSync(join(tmpdir(), 'langevin-page-')), 'run');
  opened.run = await train({ ...tiny, steps: 40, out });
  const names = ['config.json', 'model.safetensors'];
  const stored = Object.fromEntries(names.map(name => [name, readFileSync(join(out, name))]));
  opened.page = await openPage({ ...stored, ...(await fixturePage()) });
  await opened.page.page.waitForFunction('globalThis.work');
});
afterAll(() => opened.page?.close());

describe('in Chromium', () => {
  it.for([
    ['the default solver', { count: 20, seed: 3 }],
    ['a stochastic solver', { count: 20, seed: 3, solver: 'euler-maruyama', steps: 20 }],
  ] as const)('a run of Node gives the samples that Node gives: %s', async ([, options], { skip }) => {
    if (chromiumAbsent) skip(chromiumAbsent);
    const { data } = await sample(opened.run!, options);
    expect(await inPage<number[]>('sample', options)).toBeAllClose([...data], 1e-4);
  });

  it('and the likelihoods', async ({ skip }) => {
    if (chromiumAbsent) skip(chromiumAbsent);
    const data = Float64Array.from(values(4, 16, -1, 1));
    const options = { solver: 'rk4', steps: 10 } as const;
    const { logProbability } = await logLikelihood(opened.run!, { data, shape: [8, 2] }, options);
    expect(await inPage<number[]>('likelihood', [...data], options)).toBeAllClose([...logProbability], 1e-4);
  });

  it('training gives the loss that it gives in Node', async ({ skip }) => {
    if (chromiumAbsent) skip(chromiumAbsent);
    const [last] = await inPage<{ step: number; loss: number }[]>('train', { steps: 40, seed: 5 });
    expect(last!.step).toBe(40);
    expect(last!.loss).toBeCloseTo(opened.run!.losses.at(-1)!.loss, 4);
  });

  it('training is broken off by a signal', async ({ skip }) => {
    if (chromiumAbsent) skip(chromiumAbsent);
    expect(await inPage('abort')).toBe('AbortError');
  });

  it('a file is data, and a folder is refused with words', async ({ skip }) => {
    if (chromiumAbsent) skip(chromiumAbsent);
    const rows = Float64Array.from(values(9, 200, -1, 1));
    const { count, distance } = await inPage<{ count: number; distance: number }>('file', [
      ...writeNpy(rows, [100, 2]),
    ]);
    expect(count).toBe(100);
    expect(distance).toBeGreaterThan(0);
    expect(await inPage('folder')).toContain('A page has no folders');
  });

  it('a table of text is learned, saved as one file, opened and written again', async ({ skip }) => {
    if (chromiumAbsent) skip(chromiumAbsent);
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * i) % 11},${i % 3 ? 'oak' : 'elm'}`);
    const table = ['width,height,tree', ...rows].join('\n');
    const { steps, losses, text } = await inPage<{ steps: number[]; losses: number; text: string }>(
      'table',
      table,
    );
    expect(steps).toEqual([50, 60]);
    expect(losses).toBe(2);
    const [head, ...lines] = text.trim().split('\n');
    expect(head).toBe('width,height,tree');
    expect(lines).toHaveLength(5);
    for (const line of lines) expect(line).toMatch(/^-?\d+,-?\d+,(oak|elm)$/);
  });

  it('nothing was written to the console, under a policy without unsafe-eval', ({ skip }) => {
    if (chromiumAbsent) skip(chromiumAbsent);
    expect(opened.page!.complaints).toEqual([]);
  });
});
