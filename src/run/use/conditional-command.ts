import { columnList, endText, type LayoutColumn, TEST_FRACTION } from '../../data/index.ts';
import { type OptionValues, optionWords, shellWord } from '../../errors/shell.ts';
import type { ModelConfig } from '../folder/config.ts';

/**
 * The command that trains a run of the same data that answers questions about columns. It reads the data as
 * the run did: the same columns, kinds, bounds and held-out rows.
 */
export function conditionalCommand(config: ModelConfig): string {
  const { source } = config.data;
  const name = source.replace(/^.*[\\/]/, '').replace(/\.\w+(\.gz)?$/, '');
  const options = { ...readingOf(config), out: `runs/${name}-conditional` };
  const words = ['train', source, '--conditional', ...optionWords(options)];
  return `langevin ${words.map(shellWord).join(' ')}`;
}

/** The options by which the data of a run are read again, as far as it records them. */
function readingOf(config: ModelConfig): OptionValues {
  const { data, seed } = config;
  const { delimiter, decimal, header, encoding, dropRows, missing } = data.text ?? {};
  const [exclude, kinds, bounds] = [excludedOf(data), kindsOf(data), boundsOf(config)];
  const labels = 'imported' in config ? undefined : config.labels?.source;
  return {
    ...(exclude.length > 0 && { exclude }),
    ...(kinds.length > 0 && { kinds }),
    ...(bounds.length > 0 && { bounds }),
    ...(delimiter !== undefined && { delimiter }),
    ...(decimal !== undefined && { decimal }),
    ...(header !== undefined && { [header ? 'header' : 'no-header']: true as const }),
    ...(encoding !== undefined && { encoding }),
    ...(dropRows && { 'drop-rows': true as const }),
    ...(missing !== undefined && { missing }),
    ...(data.array !== undefined && { array: data.array }),
    ...(labels !== undefined && { labels }),
    ...(data.testFraction !== TEST_FRACTION && { 'test-fraction': `${data.testFraction}` }),
    ...(seed !== 0 && { seed: `${seed}` }),
  };
}

/** The columns of these places of the file, as a list with ranges. */
const listOf = (layout: readonly LayoutColumn[], has: (column: LayoutColumn) => boolean): string[] =>
  columnList(
    [...layout.keys()].filter(at => has(layout[at]!)),
    layout.map(({ name }) => name),
  );

/** Columns that were left out by an option. */
const excludedOf = ({ layout = [] }: ModelConfig['data']): string[] =>
  listOf(
    layout,
    column => column.role === 'ignored' && ['excluded', 'cannot be used'].includes(column.reason),
  );

/** The kinds of columns. No option asks for a class of rare names, so such a column had the default. */
function kindsOf({ layout = [], kinds = [] }: ModelConfig['data']): string[] {
  const choiceOf = (column: LayoutColumn): string | undefined => {
    if (column.role === 'ignored') return column.reason === 'as asked' ? 'ignore' : undefined;
    const kind = column.role === 'modelled' ? kinds[column.index] : undefined;
    return kind && !('other' in kind && kind.other) ? kind.kind : undefined;
  };
  const choices = new Set(layout.flatMap(column => choiceOf(column) ?? []));
  return [...choices].flatMap(choice =>
    listOf(layout, column => choiceOf(column) === choice).map(entry => `${entry}=${choice}`),
  );
}

/** Bounds of columns, but for ends that many rows share: those are found again. */
function boundsOf({ data, transform }: ModelConfig): string[] {
  const { columns, kinds = [] } = data;
  if (!('cells' in transform)) return [];
  return transform.cells.flatMap((cell, c) => {
    if (cell.kind !== 'number') return [];
    const { low, high, atoms } = cell;
    const end = (sign: string, value: number | undefined, isShared: boolean) =>
      value === undefined || isShared
        ? []
        : [`${columns?.[c] ?? `x${c + 1}`}${sign}${endText(kinds[c], value)}`];
    return [...end('>=', low, atoms?.low !== undefined), ...end('<=', high, atoms?.high !== undefined)];
  });
}
