import { type Key, permutation } from '../../random/index.ts';
import type { Atoms } from './atoms.ts';
import type { Bounds } from './bounds.ts';
import type { GridJson } from './grid.ts';

/** What a cell holds: a number, with its grid, bounds and atoms if it has any, or one of K categories. */
export type CellKind =
  | ({ readonly grid?: GridJson | undefined; readonly atoms?: Atoms | undefined } & Bounds)
  | { readonly categories: number };

/** Rows `[n, C]` in data units, NaN where a value is missing, and what their cells hold. */
export interface CellRows {
  readonly values: Float64Array;
  readonly kinds: readonly CellKind[];
}

/** D, the number of coordinates of a row. */
export const coordinatesOf = (kinds: readonly CellKind[]) =>
  kinds.reduce((sum, kind) => sum + ('categories' in kind ? Math.ceil(Math.log2(kind.categories)) : 1), 0);

/** The values that column c has in rows `[n, C]`, missing ones left out. */
export function knownValues({ values, kinds }: CellRows, c: number): Float64Array {
  const width = kinds.length;
  const column = new Float64Array(values.length / width);
  let count = 0;
  for (let at = c; at < values.length; at += width)
    if (!Number.isNaN(values[at])) column[count++] = values[at]!;
  return column.slice(0, count);
}

/** At most `most` rows, chosen at random. */
export function thinned(rows: CellRows, most: number, seed: Key): CellRows {
  const count = rows.values.length / rows.kinds.length;
  return count <= most ? rows : rowsAt(rows, permutation(count, seed, 0).subarray(0, most));
}

function rowsAt({ values, kinds }: CellRows, rows: ArrayLike<number>): CellRows {
  const out = new Float64Array(rows.length * kinds.length);
  for (let i = 0; i < rows.length; i++)
    out.set(values.subarray(rows[i]! * kinds.length, (rows[i]! + 1) * kinds.length), i * kinds.length);
  return { values: out, kinds };
}

/** The rows in `folds` parts: those of all other parts, and those of the part. None for too few rows. */
export function foldsOf(rows: CellRows, folds: number, seed: Key): { fit: CellRows; test: CellRows }[] {
  const count = rows.values.length / rows.kinds.length;
  if (count < 2 * folds) return [];
  const order = permutation(count, seed, 0);
  return Array.from({ length: folds }, (_, fold) => ({
    fit: rowsAt(
      rows,
      order.filter((_, i) => i % folds !== fold),
    ),
    test: rowsAt(
      rows,
      order.filter((_, i) => i % folds === fold),
    ),
  }));
}
