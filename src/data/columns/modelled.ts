import { failure, shortList } from '../../errors.ts';
import { blocks, type Numbers, projected, type Table, width } from '../table.ts';
import { type Grid, gridJson, makeGrid, wholeNumbers } from '../units/grid.ts';
import type { ColumnKind } from './kinds.ts';

/** The steps over which the values of a kind are spread; none for real numbers. */
export function gridOfKind(kind: ColumnKind): Grid | undefined {
  if (kind.kind === 'number') return undefined;
  if (kind.kind === 'category' || kind.kind === 'yes-no') return wholeNumbers;
  const { step, decimals, offset, parts = 1 } = kind.step;
  return step === 1 && decimals === 0 && offset === 0 && parts === 1 ? wholeNumbers : makeGrid(kind.step);
}

/** The kinds of columns of numbers, where these grids were chosen for them. */
export const kindsOn = (kinds: readonly ColumnKind[], grids: readonly (Grid | undefined)[]): ColumnKind[] =>
  kinds.map((kind, d) => {
    const grid = grids[d];
    if (kind.kind !== 'number' && kind.kind !== 'grid') return kind;
    return grid ? { kind: 'grid', step: gridJson(grid) } : { kind: 'number' };
  });

const isModelled = ({ kind }: ColumnKind) => kind === 'number' || kind === 'grid' || kind === 'yes-no';

/**
 * The part of a table that can be modelled so far: columns of numbers, and of yes and no. Other columns are
 * left out with a remark.
 * @throws failure for missing cells, and where no column is left
 */
export function modelledTable(table: Table<Numbers>): Table<Numbers> {
  const { kinds, columns } = table;
  if (!kinds || !columns) return table;
  const places = [...kinds.keys()].filter(d => isModelled(kinds[d]!));
  const others = columns.filter((_, d) => !isModelled(kinds[d]!));
  if (places.length === 0)
    throw failure('categories and dates are not modelled yet, and there are no other columns', {
      where: table.where,
      got: shortList(others, 8, ''),
    });
  const part = others.length === 0 ? table : withColumns(table, places, others);
  refuseMissing(part);
  return part;
}

function withColumns(
  table: Table<Numbers>,
  places: readonly number[],
  others: readonly string[],
): Table<Numbers> {
  const left = new Set(others);
  return {
    ...table,
    values: projected(table, places),
    shape: [places.length],
    columns: places.map(d => table.columns![d]!),
    kinds: places.map(d => table.kinds![d]!),
    ...(table.layout && {
      layout: table.layout.map(column => {
        if (column.role !== 'modelled') return column;
        return left.has(column.name)
          ? { name: column.name, role: 'ignored', reason: 'not modelled yet' }
          : { ...column, index: places.indexOf(column.index) };
      }),
    }),
    notes: [...(table.notes ?? []), `not modelled yet, and left out: ${shortList(others)}`],
  };
}

function refuseMissing(table: Table<Numbers>): void {
  const size = width(table);
  const holes = new Set<number>();
  for (const { values } of blocks(table))
    for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) holes.add(i % size);
  if (holes.size === 0) return;
  const names = [...holes].sort((a, b) => a - b).map(d => table.columns![d]!);
  throw failure('missing cells are not modelled yet', {
    where: table.where,
    got: shortList(names, 8, ''),
    mend:
      names.length < size
        ? {
            says: `Leave ${names.length > 1 ? 'them' : 'it'} out with`,
            options: table.without?.(names) ?? { exclude: names },
          }
        : { says: 'Leave the rows out with', options: { 'drop-rows': true } },
    ...(names.length < size && { remedy: 'Leave out the rows: --missing drop' }),
  });
}
