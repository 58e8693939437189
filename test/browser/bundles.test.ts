import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build as esbuild } from 'esbuild';
import { expect, it } from 'vitest';
import { chromiumAbsent, openPage } from './support.ts';

const root = join(import.meta.dirname, '../..');
const place = () => mkdtempSync(join(tmpdir(), 'langevin-bundle-'));

/** The files of a folder, by their paths in it. */
const filesOf = (dir: string): Record<string, Uint8Array> =>
  Object.fromEntries(
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .map(path => [path.slice(dir.length + 1).replaceAll('\\', '/'), readFileSync(path)]),
  );

it('Vite builds the example, which trains in its worker and stops', async ({ skip }) => {
  const { build } = await import('vite');
  const dir = place();
  const outDir = { outDir: dir, emptyOutDir: true };
  await build({ root: join(root, 'examples/vite'), logLevel: 'error', build: outDir });
  const files = filesOf(dir);
  expect(Object.keys(files).filter(name => name.endsWith('.wasm'))).toHaveLength(1);
  if (chromiumAbsent) skip(chromiumAbsent);
  const opened = await openPage(files);
  try {
    await opened.page.click('#start');
    await opened.page.getByText(/^Step \d+, loss/).waitFor({ timeout: 150_000 });
    await opened.page.click('#stop');
    expect(await opened.page.textContent('#state')).toBe('Stopped.');
    expect(opened.complaints).toEqual([]);
  } finally {
    await opened.close();
  }
});

/** The bytes that a page loads before it does anything: the script and what it imports at once. */
async function sizeOf(contents: string): Promise<number> {
  const stdin = { contents, resolveDir: root };
  const options = { bundle: true, minify: true, format: 'esm', write: false, outdir: '/' } as const;
  const { outputFiles, metafile } = await esbuild({
    ...{ stdin, splitting: true, metafile: true, logLevel: 'error' },
    ...options,
  });
  const outputs = Object.entries(metafile.outputs);
  const loaded = new Set(outputs.filter(([path]) => path.endsWith('stdin.js')).map(([path]) => path));
  for (const path of loaded)
    for (const { kind, path: next } of metafile.outputs[path]!.imports)
      if (kind === 'import-statement') loaded.add(next);
  for (const { path, text } of outputFiles)
    if ([...loaded].some(each => path.endsWith(each.split('/').at(-1)!)))
      expect(/["']node:\w+/.exec(text)?.[0]).toBeUndefined();
  return [...loaded].reduce((sum, path) => sum + metafile.outputs[path]!.bytes, 0);
}

it('a page loads the sizes that docs/browser.md tells, in thousands of bytes, and no code of Node', async () => {
  const text = readFileSync(join(root, 'docs/browser.md'), 'utf8');
  const [, all, sampling] = /whole door takes (\d+)\s+kB, a script that\s+opens a run and samples (\d+)\s+kB/
    .exec(text)!
    .map(Number);
  const measured = {
    all: await sizeOf(`export * from 'langevin/browser';`),
    sampling: await sizeOf(`export { openRun, sample } from 'langevin/browser';`),
  };
  expect(measured.all / 1000).toBeLessThan(1.02 * all!);
  expect(measured.sampling / 1000).toBeLessThan(1.02 * sampling!);
  expect(measured.sampling).toBeLessThan(measured.all);
});
