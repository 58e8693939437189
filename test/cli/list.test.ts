import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { schedules } from '../../schedules/index.ts';
import { sdes } from '../../sdes/index.ts';
import { kernels } from '../../src/chains/index.ts';
import { engines } from '../../src/engine/index.ts';
import { objectives } from '../../src/objectives/index.ts';
import { presets } from '../../src/presets/index.ts';
import { type Entry, registry } from '../../src/registry/list.ts';
import { solvers } from '../../src/registry/solvers.ts';
import { nets } from '../../src/score/nets/index.ts';
import { grids } from '../../src/solve/grids.ts';
import { langevin, root, workplace } from './support.ts';

const tables: Readonly<Record<string, object>> = {
  sdes,
  schedules,
  solvers,
  chains: kernels,
  nets,
  objectives,
  presets,
  engines,
  grids,
};
/** Names that are not rows of a table. */
const others: Readonly<Record<string, readonly string[]>> = {
  schedules: ['formula'],
  grids: ['optimised'],
  objectives: ['classifier'],
};
const at = workplace();
let listed: Record<string, readonly Entry[]> = {};
beforeAll(async () => {
  listed = JSON.parse((await langevin(at, 'list --json')).stdout);
});

const traitsOf = (entries: readonly Entry[]) =>
  [...new Set(entries.flatMap(entry => Object.keys(entry)))].filter(trait => trait !== 'name');

describe.each(Object.keys(registry))('langevin list %s', kind => {
  it('names every row of the table', () => {
    const names = listed[kind]!.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    if (Object.hasOwn(tables, kind))
      expect(names).toEqual([...Object.keys(tables[kind]!), ...(others[kind] ?? [])]);
  });

  it('shows what each row declares: the same traits for all', () => {
    const rows = listed[kind]!.filter(({ name }) => Object.hasOwn(tables[kind] ?? {}, name));
    for (const row of rows) {
      expect(Object.keys(row).length, row.name).toBeGreaterThan(1);
      const missing = traitsOf(rows).filter(trait => !Object.hasOwn(row, trait));
      expect(
        missing.filter(trait => trait !== 'default'),
        row.name,
      ).toEqual([]);
    }
  });

  it('its traits are in docs/cli.md', () => {
    const page = readFileSync(join(root, 'docs/cli.md'), 'utf8');
    const [, cell = ''] = new RegExp(`^\\| \`list ${kind}\` \\| (.*) \\|$`, 'm').exec(page) ?? [];
    expect([...cell.matchAll(/`(\w+)`/g)].map(([, trait]) => trait).sort()).toEqual(
      traitsOf(listed[kind]!).sort(),
    );
  });
});

it('langevin list --help names every kind', async () => {
  const { stdout } = await langevin(at, 'list --help');
  for (const kind of Object.keys(registry)) expect(stdout).toMatch(new RegExp(`\\b${kind}\\b`));
});

it('the grid that a solver declares is one of the table', () => {
  for (const { name, grid } of listed.solvers!) expect(Object.keys(grids), name).toContain(grid);
});
