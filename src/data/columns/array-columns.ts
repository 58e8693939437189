import { failure, shortList, usage } from '../../errors.ts';
import { blocks, type Numbers, projected, type Table, valueNames, width } from '../table.ts';
import { type GridWatch, gridJson, watchGrid, wholeNumbers } from '../units/grid.ts';
import { chooseColumns, columnPositions } from './choice.ts';
import { kindOf } from './infer/numeric.ts';
import type { ColumnKind, LayoutColumn } from './kinds.ts';
import type { TextColumnOptions } from './text-columns.ts';

/**
 * The columns of an array `[N, C]`: as those of a text table, but all are numbers, and none is an identifier.
 * They are named x1 to xC. Two values are yes and no if they are 0 and 1. Constant columns are left out, and
 * NaN is a missing cell. If all columns stay, so do the values, in their own precision.
 * @throws usage for an unknown column, and for a kind that numbers do not have; failure if no column is left
 */
export function arrayColumns(table: Table<Numbers>, options: TextColumnOptions): Table<Numbers> {
  const { kinds = {}, constants = true, whole = false } = options;
  const names = valueNames(table);
  const { positions } = chooseColumns(options, names, table.where);
  const choices = new Map(
    Object.entries(kinds).flatMap(([entry, choice]) =>
      columnPositions([entry], names).map(at => [at, choice] as const),
    ),
  );
  const columns = watchAll(table);
  const kindAt = (at: number): ColumnKind | 'constant' | 'ignored' => {
    const { watch, numbers } = columns[at]!;
    const choice = choices.get(at);
    if (typeof choice === 'object') return choice;
    if (choice === 'ignore') return 'ignored';
    if (choice === undefined && watch.different <= 1 && !constants) return 'constant';
    if (choice === undefined) return whole ? WHOLE : isTruth(watch) ? TRUTH : kindOf(watch, numbers);
    if (choice === 'number') return { kind: 'number' };
    const grid = choice === 'grid' ? watch.grid() : undefined;
    if (grid) return { kind: 'grid', step: gridJson(grid) };
    if (choice === 'yes-no' && isTruth(watch)) return TRUTH;
    throw usage(`the column cannot be of the kind "${choice}"`, {
      where: `${table.where}, column "${names[at]}"`,
      expected: 'number, grid for numbers a constant step apart, or yes-no for 0 and 1',
    });
  };
  const outcomes = positions.map(at => ({ at, kind: kindAt(at) }));
  return modelledPart(table, outcomes);
}

const WHOLE: ColumnKind = { kind: 'grid', step: gridJson(wholeNumbers) };
const TRUTH: ColumnKind = { kind: 'yes-no', names: ['0', '1'] };
const isTruth = ({ different, least, greatest }: GridWatch) =>
  different === 2 && least === 0 && greatest === 1;

interface Found {
  readonly at: number;
  readonly kind: ColumnKind | 'constant' | 'ignored';
}

function modelledPart(table: Table<Numbers>, outcomes: readonly Found[]): Table<Numbers> {
  const names = valueNames(table);
  const modelled = outcomes.flatMap(({ at, kind }) => (typeof kind === 'object' ? [{ at, kind }] : []));
  const constant = outcomes.filter(({ kind }) => kind === 'constant').map(({ at }) => at);
  if (modelled.length === 0)
    throw failure('no column can be modelled', { where: table.where, got: 'constant columns alone' });
  const places = new Map(modelled.map(({ at }, index) => [at, index]));
  const still = new Set(constant);
  const [first] = [...blocks({ ...table, count: 1 })];
  const layout = names.map((name, at): LayoutColumn => {
    const index = places.get(at);
    if (index !== undefined) return { name, role: 'modelled', index };
    if (still.has(at)) return { name, role: 'constant', text: String(first!.values[at]) };
    return { name, role: 'ignored', reason: 'excluded' };
  });
  const note = `constant, and not modelled: ${shortList(
    constant.map(at => names[at]!),
    8,
  )}`;
  return {
    ...table,
    ...(modelled.length < names.length && {
      values: projected(
        table,
        modelled.map(({ at }) => at),
      ),
      shape: [modelled.length],
      columns: modelled.map(({ at }) => names[at]!),
    }),
    kinds: modelled.map(({ kind }) => kind),
    layout,
    notes: [...(table.notes ?? []), ...(constant.length > 0 ? [note] : [])],
  };
}

function watchAll(table: Table<Numbers>) {
  const size = width(table);
  const columns = Array.from({ length: size }, () => ({ watch: watchGrid(), numbers: 0 }));
  for (const { values } of blocks(table))
    for (let i = 0; i < values.length; i++) {
      if (!Number.isFinite(values[i])) continue;
      const column = columns[i % size]!;
      column.watch.see(values[i]!);
      column.numbers++;
    }
  return columns;
}
