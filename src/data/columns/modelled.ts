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
    const { missing } = kind;
    const form = grid ? { kind: 'grid' as const, step: gridJson(grid) } : { kind: 'number' as const };
    return { ...form, ...(missing && { missing }) };
  });
