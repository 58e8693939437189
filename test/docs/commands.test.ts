import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { schedules } from '../../schedules/index.ts';
import { sdes } from '../../sdes/index.ts';
import { engines } from '../../src/engine/index.ts';
import { objectives } from '../../src/objectives/index.ts';
import { presets } from '../../src/presets/index.ts';
import { registry } from '../../src/registry/list.ts';
import { solvers } from '../../src/registry/solvers.ts';
import { nets } from '../../src/score/nets/index.ts';
import { grids } from '../../src/solve/grids.ts';
import { langevin, workplace } from '../cli/support.ts';
import { type Page, pages, quoted, root } from './pages.ts';

/** The options of each command, from its help. */
const known = new Map<string, ReadonlySet<string>>();

beforeAll(async () => {
  const at = workplace();
  const help = await langevin(at, '--help');
  const names = [...help.stdout.matchAll(/^ {2}langevin (\w+)/gm)].map(([, name]) => name!);
  for (const name of names) {
    const { stdout } = await langevin(at, `${name} --help`);
    known.set(
      name,
      new Set([...stdout.matchAll(/^ {2,6}(?:-\w, )?--([\w-]+)/gm)].map(([, option]) => option!)),
    );
  }
});

/**
 * The command lines of a page, in shell blocks and in backquotes, without comments and with continued lines
 * joined.
 */
const commandsOf = (page: Page): string[] =>
  [
    ...page.blocks
      .filter(({ language }) => language === 'sh')
      .flatMap(({ text }) => text.replaceAll('\\\n', ' ').split('\n')),
    ...quoted(page),
  ]
    .map(line => line.replace(/\s#.*$/, '').trim())
    .filter(line => /^langevin [a-z]/.test(line));

const optionsIn = (line: string) =>
  [...line.matchAll(/(?:^|\s)--(?:no-)?([a-z][\w-]*)/g)].map(([, name]) => name!);

/** The valid values of an option that takes a name. A file or a formula is recognised by its characters. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  solver: Object.keys(solvers),
  sde: Object.keys(sdes),
  schedule: Object.keys(schedules),
  // `sample` computes this grid from a pilot batch; it is not in the table.
  grid: [...Object.keys(grids), 'optimised'],
  net: Object.keys(nets),
  objective: [...Object.keys(objectives), 'classifier'],
  preset: Object.keys(presets),
  engine: [...Object.keys(engines), 'auto'],
};

describe.each(pages.map(page => [page.path, page] as const))('%s', (_path, page) => {
  it('shows commands and options that exist', () => {
    const wrong = commandsOf(page).filter(line => {
      const options = known.get(line.split(' ')[1]!);
      return !options || optionsIn(line).some(option => !options.has(option));
    });
    expect(wrong).toEqual([]);
  });

  it('mentions only options that some command has', () => {
    const all = new Set([...known.values()].flatMap(options => [...options]));
    const loose = quoted(page).filter(code => code.startsWith('--'));
    expect(loose.filter(code => optionsIn(code).some(option => !all.has(option)))).toEqual([]);
  });

  it('names solvers, SDEs, schedules, grids, nets and engines that exist', () => {
    const lines = [...commandsOf(page), ...quoted(page)];
    const wrong = lines.flatMap(line =>
      [
        ...line.matchAll(
          /--(solver|sde|schedule|grid|net|objective|preset|engine)[ =]([a-z][\w+-]*)(?=\s|$)/g,
        ),
      ]
        .filter(([, option, name]) => !NAMED[option!]!.includes(name!))
        .map(([match]) => match),
    );
    expect(wrong).toEqual([]);
  });

  it('lists kinds that `langevin list` has, and scripts that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const kinds = commandsOf(page).flatMap(line => /^langevin list (\w+)/.exec(line)?.[1] ?? []);
    expect(kinds.filter(kind => !Object.hasOwn(registry, kind))).toEqual([]);
    const run = [...page.text.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name!);
    expect(run.filter(name => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});

it('reads the help and the pages, so that there are commands to check', () => {
  expect([...known.keys()]).toEqual(expect.arrayContaining(['train', 'sample', 'likelihood', 'list']));
  expect(known.get('sample')).toContain('solver-options');
  expect(pages.flatMap(commandsOf).length).toBeGreaterThan(15);
});

it('the help of `train` comes in groups', async () => {
  const { stdout } = await langevin(workplace(), 'train --help');
  const headings = [...stdout.matchAll(/^(\w+):$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(['Positionals', 'Data', 'Model', 'Training', 'Run', 'Options', 'Examples']);
});

it('docs/cli.md names every command, with every option of it', () => {
  const page = pages.find(({ path }) => path === 'docs/cli.md')!;
  const everywhere = /^Everywhere|Everywhere: (.*)$/m.exec(page.text)![0];
  for (const [name, options] of known) {
    expect(page.text, name).toMatch(new RegExp(`^\\| \`${name}( [^\`]*)?\` \\|`, 'm'));
    if (name === 'completion') continue;
    const row = page.text.split('\n').find(line => line.startsWith(`| \`${name}\` | \`--`))!;
    const engine = row.includes('✓') ? ['engine', 'threads', 'provider', 'cache'] : [];
    const named = [...`${row} ${everywhere}`.matchAll(/`--(?!no-)([\w-]+)`/g)].map(([, option]) => option!);
    expect([...named, ...engine].sort(), name).toEqual([...options].sort());
  }
});
