import { afterAll, describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { SAMPLE } from '../support/engine-programs.ts';
import { both, CASES, drawn } from '../support/operations.ts';
import type { Work } from './fixtures/engine.ts';
import { chromiumAbsent, fixturePage, type OpenPage, openPage, WASM, WEBGPU } from './support.ts';

/** Chromium's software in place of a graphics card. */
const SOFTWARE = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

const reference = await makeEngine('cpu');
afterAll(() => reference.dispose());

describe.runIf(!chromiumAbsent).each([
  ['cpu', WASM, []],
  ['webgpu', WEBGPU, SOFTWARE],
] as const)('the engine of a page on %s', async (provider, wasm, flags) => {
  const opened: { page?: OpenPage } = {};
  const page = async () => {
    opened.page ??= await openPage(await fixturePage('engine.ts', [WASM!, WEBGPU!]), flags);
    await opened.page.page.waitForFunction('globalThis.work');
    return opened.page.page;
  };
  const inPage = async <K extends keyof Work>(name: K, ...args: Parameters<Work[K]>) =>
    (await page()).evaluate(`work.${name}(...${JSON.stringify(args)})`) as ReturnType<Work[K]>;
  afterAll(() => opened.page?.close());

  it('starts, with one lane', async () => {
    expect(await inPage('start', provider, `/${wasm}`)).toEqual({ name: 'onnx-web', lanes: 1 });
  });

  it('has the values and gradients of every operation', async () => {
    const results = await inPage('operations');
    expect(results.map(([name]) => name)).toEqual(Object.keys(CASES));
    for (const [name, got] of results) {
      const given = CASES[name]!;
      const expected = await both(reference, given, drawn(given, [3, 4, 2], 5), 11);
      for (const [i, part] of got.entries())
        expect(part, `${name}, part ${i}`).toBeAllClose(expected[i]!, 1e-4);
    }
  });

  it('computes the programs of the contract of engines', async () => {
    for (const [name, got] of await inPage('programs'))
      expect(got, name).toBeAllClose(SAMPLE[name]!.expected, 1e-4);
  });

  it('iterates a program', async () => {
    expect(await inPage('iterated')).toEqual([2 * (2 * (2 + 1) + 2) + 3]);
  });

  it('answers calls that come at the same time', async () => {
    for (const got of await inPage('together')) expect(got).toBeAllClose(SAMPLE.softmax!.expected, 1e-4);
  });

  it('says so in later calls when it was disposed of', async () => {
    expect(await inPage('disposed')).toMatch(/The engine "onnx-web" was disposed of/);
  });

  it('names the remedy for a provider that it has not, and for a library that is missing', async () => {
    expect(await inPage('fault', { provider: 'cuda' })).toMatch(/has not.*cpu or webgpu/s);
    expect(await inPage('fault', { provider: 'webgpu' })).toContain("import('onnxruntime-web/webgpu')");
  });

  it('writes nothing to the console', () => {
    expect(opened.page!.complaints).toEqual([]);
  });

  it('says what a device needs that does not start', async ({ skip }) => {
    // Chromium itself writes to the console here.
    if (provider === 'webgpu') skip('Here it starts');
    expect(await inPage('noDevice', `/${WEBGPU}`)).toMatch(/"webgpu" did not start.*needs a browser with/s);
  });
});
