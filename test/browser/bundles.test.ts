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

it('a script that only samples takes less than one that trains, and neither has code of Node', async () => {
  const sizeOf = async (contents: string) => {
    const stdin = { contents, resolveDir: root };
    const options = { bundle: true, minify: true, format: 'esm', write: false, outdir: '/' } as const;
    const { outputFiles } = await esbuild({ stdin, splitting: true, logLevel: 'error', ...options });
    const { text, contents: bytes } = outputFiles.find(({ path }) => path.endsWith('stdin.js'))!;
    expect(text).not.toMatch(/["']node:/);
    return bytes.length;
  };
  const sampling = await sizeOf(`export { openRun, sample } from 'langevin/browser';`);
  const all = await sizeOf(`export * from 'langevin/browser';`);
  expect(sampling).toBeLessThan(all);
});
