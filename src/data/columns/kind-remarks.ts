import { listText, shellWord } from '../../errors/shell.ts';
import { shortList } from '../../errors.ts';
import { makeGrid } from '../units/grid.ts';
import type { ColumnOutcome, ConstantColumn, IgnoredColumn, ModelledColumn } from './infer/outcome.ts';

/** What became of the columns, one line for each kind. Of a run that knows its kinds, these need no line. */
export function kindRemarks(outcomes: readonly ColumnOutcome[], areKnown: boolean): string[] {
  const modelled = outcomes.filter(one => one.role === 'modelled');
  const lines = byKind(modelled);
  return [
    // If all columns are real numbers, there is nothing to say of them.
    ...(areKnown || (lines.size === 1 && lines.has('real numbers')) ? [] : [...lines].map(lineOf)),
    ...(areKnown ? [] : styleRemark(modelled)),
    ...codeRemark(outcomes.filter(one => one.role !== 'constant')),
    ...spellingRemark(modelled),
    ...strayRemark(modelled),
    ...infiniteRemark(modelled),
    ...roundedRemark(modelled),
    ...sentinelRemark(modelled),
    ...missingRemark(modelled),
    ...constantRemark(outcomes.filter(one => one.role === 'constant')),
    ...ignoredRemark(
      outcomes.filter(one => one.role === 'ignored').filter(({ reason }) => reason !== 'as asked'),
    ),
  ];
}

const number = (value: number) => value.toLocaleString('en');
const quoted = (name: string) => `"${name}"`;
const lineOf = ([words, names]: readonly [string, readonly string[]]) => `${words}: ${listOf(names)}`;
const listOf = (names: readonly string[]) => shortList(names, 8, '');

/** The columns of each kind, in words. */
function byKind(columns: readonly ModelledColumn[]): ReadonlyMap<string, readonly string[]> {
  const lines = new Map<string, string[]>();
  for (const { name, kind } of columns) {
    const add = (words: string, more = '') => {
      if (!lines.has(words)) lines.set(words, []);
      lines.get(words)!.push(`${quoted(name)}${more}`);
    };
    if (kind.kind === 'number') add('real numbers');
    else if (kind.kind === 'grid') add(makeGrid(kind.step).words);
    else if (kind.kind === 'yes-no') add('two values', ` (${kind.names.join(', ')})`);
    else if (kind.kind === 'date') add('dates', ` (${kind.format})`);
    else add('categories', ` (${kind.names.length}${kind.other ? ', rare ones in one' : ''})`);
  }
  return lines;
}

function styleRemark(columns: readonly ModelledColumn[]): string[] {
  const styled = columns.filter(one => one.example).map(one => `${quoted(one.name)} (${one.example})`);
  return styled.length > 0 ? [`read as numbers: ${listOf(styled)}`] : [];
}

/** Numbers that are names and no amounts, and how to read them as numbers. */
function codeRemark(columns: readonly (ModelledColumn | IgnoredColumn)[]): string[] {
  const found = columns.flatMap(({ name, code }) => (code === undefined ? [] : [{ name, code }]));
  if (found.length === 0) return [];
  const words = found.map(({ name, code }) => `${quoted(name)} (${shortList([code], 1, '')})`);
  const keep = shellWord(listText([`${found[0]!.name}=number`]));
  return [`codes, taken as names and not as numbers: ${listOf(words)}. Else choose --kinds ${keep}`];
}

/** Names in several spellings, and how to keep them apart. */
function spellingRemark(columns: readonly ModelledColumn[]): string[] {
  const found = columns.filter(one => one.spellings);
  if (found.length === 0) return [];
  const words = found.map(({ name, spellings }) => `${quoted(name)} (${shortList(spellings!, 3, '')})`);
  const apart = shellWord(listText([`${found[0]!.name}=category`]));
  return [
    `names in several spellings, taken as one: ${listOf(words)}. Keep them apart with --kinds ${apart}`,
  ];
}

function strayRemark(columns: readonly ModelledColumn[]): string[] {
  const exceptions = columns.flatMap(({ name, faults, first }) =>
    faults.text > 0 ? [`${quoted(name)} ${number(faults.text)}, first ${shortList([first.text!.cell])}`] : [],
  );
  return exceptions.length > 0 ? [`cells of another kind, taken as missing: ${listOf(exceptions)}`] : [];
}

function infiniteRemark(columns: readonly ModelledColumn[]): string[] {
  const found = columns.flatMap(({ name, faults, first }) =>
    faults.infinite > 0
      ? [`${quoted(name)} ${number(faults.infinite)}, first ${shortList([first.infinite!.cell])}`]
      : [],
  );
  return found.length > 0
    ? [`infinite cells, taken as missing: ${listOf(found)}. Leave their rows out with --missing drop`]
    : [];
}

function roundedRemark(columns: readonly ModelledColumn[]): string[] {
  const found = columns.flatMap(({ name, rounded }) =>
    rounded
      ? [
          `${quoted(name)} ${number(rounded.count)}, first ${shortList([rounded.cell])} as ${Number(rounded.cell)}`,
        ]
      : [],
  );
  return found.length > 0 ? [`whole numbers beyond 2^53, rounded to 16 digits: ${listOf(found)}`] : [];
}

/** Numbers that were taken as missing, and how to keep them. */
function sentinelRemark(columns: readonly ModelledColumn[]): string[] {
  const found = columns.flatMap(({ name, kind }) =>
    'missing' in kind && kind.missing
      ? [{ name, words: `${quoted(name)} ${kind.missing.join(' and ')}` }]
      : [],
  );
  if (found.length === 0) return [];
  const keep = shellWord(listText([`${found[0]!.name}=number`]));
  const words = listOf(found.map(each => each.words));
  return [`numbers that stand for no value, taken as missing: ${words}. Keep them with --kinds ${keep}`];
}

function missingRemark(columns: readonly ModelledColumn[]): string[] {
  const holes = columns.flatMap(({ name, faults }) =>
    faults.missing > 0 ? [`${quoted(name)} ${number(faults.missing)}`] : [],
  );
  const rows = columns[0]?.values.length ?? 0;
  return holes.length > 0 ? [`missing cells, of ${number(rows)} rows: ${listOf(holes)}`] : [];
}

function constantRemark(columns: readonly ConstantColumn[]): string[] {
  return columns.length > 0
    ? [`constant, written back and not modelled: ${listOf(columns.map(({ name }) => quoted(name)))}`]
    : [];
}

function ignoredRemark(columns: readonly IgnoredColumn[]): string[] {
  if (columns.length === 0) return [];
  const words = columns.map(({ name, reason, numbers }) => {
    const count = numbers ? `; ${number(numbers)} cells are numbers` : '';
    return `${quoted(name)} (${reason}${count})`;
  });
  const alternative = columns.find(({ otherwise }) => otherwise !== undefined);
  const choice = alternative && shellWord(listText([`${alternative.name}=${alternative.otherwise}`]));
  return [`left out: ${listOf(words)}${choice === undefined ? '' : `. Keep one with --kinds ${choice}`}`];
}
