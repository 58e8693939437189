import { unknownName, usage } from '../errors.ts';
import { boundsOf, type ColumnBounds } from './columns/bounds.ts';
import { writingOf } from './columns/column-reader.ts';
import { type Numbers, refuseValues, type Table, valueNames } from './table.ts';
import { atomsOf } from './units/atoms.ts';
import { sharedEnds } from './units/bounds.ts';
import { type CellKind, type CellRows, knownValues } from './units/cell-rows.ts';
import { makeGrid } from './units/grid.ts';

/** @throws usage for bounds under a scaling that knows none */
export function refuseBounds({
  bounds,
  scaling,
}: {
  readonly bounds?: ColumnBounds | undefined;
  readonly scaling?: string | undefined;
}): void {
  if (!bounds || Object.keys(bounds).length === 0) return;
  throw usage('Bounds of columns need the scaling of tables', {
    where: 'bounds',
    got: scaling ?? 'standard',
    remedy: 'Leave --scaling out',
  });
}

/** Cells with the bounds of their columns. @throws usage for an unknown column; failure for rows beyond */
export function withBounds(
  table: Table<Numbers>,
  kinds: readonly CellKind[],
  bounds: ColumnBounds = {},
): CellKind[] {
  const names = valueNames(table);
  const unknown = Object.keys(bounds).find(name => !names.includes(name));
  if (unknown !== undefined) throw unknownName('column', unknown, names);
  const own = names.map((name, c) => {
    const asked = bounds[name];
    return asked ? boundsOf(name, table.kinds?.[c], asked, writingOf(table.layout, c, name)) : {};
  });
  const isBeyond = (value: number, d: number) => {
    const { low = -Infinity, high = Infinity } = own[d]!;
    return value < low || value > high;
  };
  if (Object.keys(bounds).length > 0)
    refuseValues(table, isBeyond, 'a value beyond the bounds of its column', {
      expected: 'values within --bounds',
      remedy: 'Mend the row, or widen the bound',
    });
  return kinds.map((kind, c) => ('categories' in kind ? kind : { ...kind, ...own[c] }));
}

/**
 * Cells, with the ends that many of their values share as bounds if they have no others, and as atoms where
 * no step of the column says enough.
 */
export const withEnds = (rows: CellRows): CellKind[] =>
  rows.kinds.map((kind, c) => {
    if ('categories' in kind) return kind;
    const column = knownValues(rows, c);
    const shared = sharedEnds(column);
    const { grid, low = -Infinity, high = Infinity } = kind;
    const ends = { ...shared, ...kind };
    // A looser bound of the option leaves the mass at a shared end where it is.
    if (shared.low !== undefined && low < shared.low) ends.low = shared.low;
    if (shared.high !== undefined && high > shared.high) ends.high = shared.high;
    const atoms = atomsOf(column, { ...ends, grid: grid && makeGrid(grid) });
    return {
      ...{ ...shared, ...kind },
      ...(atoms?.low !== undefined && { low: ends.low }),
      ...(atoms?.high !== undefined && { high: ends.high }),
      ...(atoms && { atoms }),
    };
  });
