import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './exports.ts';

const WIDTH = 110;
const FOLDERS = ['src', 'solvers', 'schedules', 'sdes', 'test', 'bench', 'docs', 'scripts', 'examples'];

const under = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => !name.split('/').includes('node_modules'))
    .map(name => join(folder, name));
const files = [...FOLDERS.flatMap(under), ...readdirSync(root)];

/**
 * The lines of prose. In code these are comments. In pages these are all lines except tables, code, and lines
 * with only one link or picture.
 */
function proseOf(file: string): string[] {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  if (!file.endsWith('.md')) return lines.filter(line => /^\s*(\/\/|\*|\/\*\*)/.test(line));
  const open = { fence: false };
  return lines.filter(line => {
    if (/^\s*```/.test(line)) open.fence = !open.fence;
    return !open.fence && !/^\s*(```|\||!?\[[^\]]*\]\([^)]*\)\.?$)/.test(line);
  });
}

it('no line of prose is longer than 110 characters', () => {
  const texts = files.filter(file => /\.(md|ts|mjs)$/.test(file) && !file.endsWith('.wasm.ts'));
  expect(texts.length).toBeGreaterThan(500);
  const long = texts.flatMap(file =>
    proseOf(file)
      .filter(line => [...line].length > WIDTH)
      .map(line => `${file}: ${line.slice(0, 80)}`),
  );
  expect(long).toEqual([]);
});

it('no message names an option twice, as the command line writes it and as the library does', () => {
  const twice = under('src')
    .filter(file => file.endsWith('.ts'))
    .flatMap(file =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/--[a-z-]+ [^`'\n]*\([a-z]\w*: /g)].map(
        ([text]) => `${file}: ${text}`,
      ),
    );
  expect(twice).toEqual([]);
});
