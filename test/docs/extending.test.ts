import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registry } from '../../src/registry/list.ts';
import { isThere, root } from './pages.ts';

const page = readFileSync(join(root, 'docs/extending.md'), 'utf8');
const text = (path: string) => readFileSync(join(root, path), 'utf8');

/** The rows of the last table of the page: what can be added, and where its table stands. */
const rows = [
  ...page.slice(page.indexOf('## Into the package')).matchAll(/^\| (?!kind|-)([^|]+) \| ([^|]+) \|/gm),
].flatMap(([, kinds, places]) => {
  const paths = [...places!.matchAll(/`([^`]+)`/g)].map(([, path]) => path!);
  return kinds!.split(', ').map((kind, i) => ({ kind, path: paths[i] ?? paths[0]! }));
});
const pathOf = (kind: string) => rows.find(row => row.kind === kind)!.path;

describe('what can be added to the package', () => {
  it.each(rows)('$kind: its table is $path', ({ path }) => {
    expect(isThere(path)).toBe(true);
  });

  it('is every kind that `langevin list` knows, and commands', () => {
    const names: Readonly<Record<string, string>> = { 'data reader': 'data', 'toy density': 'data' };
    const listed = rows
      .filter(({ kind }) => kind !== 'command')
      .map(({ kind }) => names[kind] ?? plural(kind));
    expect([...new Set(listed)].sort()).toEqual(Object.keys(registry).sort());
    expect(rows.map(({ kind }) => kind)).toContain('command');
  });
});

const plural = (kind: string) => `${kind.replace('SDE', 'sde').replace('network', 'net')}s`;

/** The plug-ins of a room: its files but for the table and what several of them share. */
const plugins = (folder: string, shared: readonly string[] = []) =>
  readdirSync(join(root, folder))
    .filter(name => name.endsWith('.ts') && name !== 'index.ts')
    .map(name => name.replace('.ts', ''))
    .filter(name => !shared.includes(name));

describe('one file is one row: the table imports every file of its room', () => {
  it.each([
    ['solver', 'solvers', []],
    // Made from text, asynchronously: the registry imports it.
    ['schedule', 'schedules', ['formula']],
    ['SDE', 'sdes', []],
    ['guidance', 'src/guide/methods', []],
    ['chain', 'src/chains/kernels', ['options']],
    ['toy density', 'src/data/toys', ['curve']],
    ['command', 'src/cli/commands', []],
  ])('%s', (kind, folder, shared) => {
    const table = text(pathOf(kind));
    const missing = plugins(folder, shared).filter(name => !table.includes(`/${name}.ts'`));
    expect(missing).toEqual([]);
  });

  it('every command that is imported is offered', () => {
    const app = text(pathOf('command'));
    const imported = [...app.matchAll(/import \{ (\w+) \} from '\.\/commands/g)].map(([, name]) => name);
    const offered = [...app.matchAll(/\.command\((\w+)\)/g)].map(([, name]) => name);
    expect(imported.length).toBe(plugins('src/cli/commands').length);
    expect(offered.sort()).toEqual(imported.sort());
  });
});
