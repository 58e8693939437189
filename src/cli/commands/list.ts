import { unknownName } from '../../errors.ts';
import type { Entry, RegistryName } from '../../registry/list.ts';
import { type ArgsOf, defineCommand, type OptionTable } from '../arguments/command.ts';
import { flag, text } from '../arguments/values.ts';
import { print, printJson } from '../terminal/output.ts';

const positionals = {
  kind: {
    type: 'string',
    describe:
      'sdes, schedules, solvers, chains, guidances, nets, objectives, presets, data, engines or grids; default all',
  },
} as const;
const options = { json: { type: 'boolean', describe: 'print JSON' } } as const satisfies OptionTable;
type ListArgs = ArgsOf<typeof options & typeof positionals>;

export const listCommand = defineCommand({
  command: 'list [kind]',
  describe: 'what can be chosen by name, and its properties',
  positionals,
  options,
  examples: [['list solvers', 'with order, noise and cost of each']],
  run: listRun,
});

async function listRun(args: ListArgs): Promise<void> {
  const { registry } = await import('../../registry/list.ts');
  const kinds = Object.keys(registry) as RegistryName[];
  const only = text(args, 'kind');
  if (only !== undefined && !Object.hasOwn(registry, only)) throw unknownName('kind', only, kinds);
  const selection = only === undefined ? kinds : [only as RegistryName];
  const lists: [string, readonly Entry[]][] = [];
  for (const kind of selection) lists.push([kind, await registry[kind]()]);
  if (flag(args, 'json')) return printJson(only === undefined ? Object.fromEntries(lists) : lists[0]![1]);
  const tables = lists.map(([kind, entries]) => (only === undefined ? `${kind}\n` : '') + table(entries));
  return print([`${tables.join('\n')}`]);
}

/** A text table with one column for each trait. */
function table(entries: readonly Entry[]): string {
  const traits = [...new Set(entries.flatMap(entry => Object.keys(entry)))];
  const rows = entries.map(entry => traits.map(trait => cell(entry[trait])));
  const lines = traits.length > 1 ? [traits, ...rows] : rows;
  const widths = traits.map((_, j) => Math.max(...lines.map(line => line[j]!.length)));
  return lines
    .map(line =>
      line
        .map((value, j) => value.padEnd(widths[j]!))
        .join('  ')
        .trimEnd(),
    )
    .map(line => `  ${line}\n`)
    .join('');
}

const cell = (value: Entry[string]): string =>
  value === undefined ? '' : Array.isArray(value) ? value.join(', ') : String(value);
