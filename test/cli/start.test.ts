import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const STATIC = /^(?:import|export) (?!type )[^;]*?from '(\.[^']+)'/gm;

/** The files that a file loads before any of its code runs, itself among them. */
function loadedBy(first: string): string[] {
  const files = new Set([first]);
  for (const file of files)
    for (const [, target] of readFileSync(join(root, file), 'utf8').matchAll(STATIC))
      files.add(relative(root, resolve(root, dirname(file), target!)));
  return [...files];
}

it('`langevin --help` loads the commands and what they share, but no room of the theory', () => {
  const files = loadedBy('src/cli/main.ts');
  expect(files).toContain('src/cli/commands/train.ts');
  const rooms = new Set(files.map(file => file.split('/').slice(0, 2).join('/')));
  expect([...rooms].sort()).toEqual(['src/cli', 'src/data', 'src/errors', 'src/errors.ts', 'src/files']);
  // The names of the downloads, for the help of one command.
  expect(files.filter(file => file.startsWith('src/data'))).toEqual(['src/data/download/sources.ts']);
});
