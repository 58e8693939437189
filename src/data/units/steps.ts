import { shortList, usage } from '../../errors.ts';
import { columnPositions } from '../columns/choice.ts';
import { gridOfKind } from '../columns/modelled.ts';
import {
  areBytes,
  blocks,
  mapped,
  type Numbers,
  placeName,
  refuseValues,
  type Table,
  valueNames,
  width,
} from '../table.ts';
import type { Transform } from './contract.ts';
import { type Grid, type GridWatch, watchGrid, wholeNumbers } from './grid.ts';

/** The results of one pass over all rows, for each column of a table. */
export function watchColumns(table: Table<Numbers>, places: readonly number[]): readonly GridWatch[] {
  const size = width(table);
  const watches = places.map(watchGrid);
  for (const { values } of blocks(table))
    for (let row = 0; row < values.length; row += size)
      for (let i = 0; i < places.length; i++) watches[i]!.see(values[row + places[i]!]!);
  return watches;
}

/**
 * The step over which each value of a row is spread: 1 for all values (`asked` true); or the steps of the
 * kinds of the columns, and each named column's own step.
 * @throws usage for an unknown name, and for a column without steps
 */
export function gridsOf(
  table: Table<Numbers>,
  asked?: boolean | readonly string[],
): readonly (Grid | undefined)[] {
  const grids = new Array<Grid | undefined>(width(table)).fill(asked === true ? wholeNumbers : undefined);
  if (typeof asked !== 'boolean')
    for (const [d, kind] of (table.kinds ?? []).entries()) grids[d] = gridOfKind(kind);
  if (typeof asked === 'boolean' || asked === undefined || asked.length === 0) return grids;
  const places = columnPositions(asked, valueNames(table));
  for (const [i, watch] of watchColumns(table, places).entries()) {
    const grid = watch.grid();
    if (!grid)
      throw usage('no constant steps, so it cannot be dequantised', {
        where: `${table.where}, ${placeName(table, places[i]!)}`,
        expected: 'whole numbers, or decimal numbers a constant step apart',
        remedy: 'Leave its name out of --dequantize.',
      });
    grids[places[i]!] = grid;
  }
  return grids;
}

/** The grid of each cell of a row, undefined for one without steps. */
export const gridsOfTransform = (transform: Transform): readonly (Grid | undefined)[] =>
  transform.kind === 'affine'
    ? transform.columns.map(({ grid }) => grid)
    : transform.cells.map(({ grid }) => grid);

/**
 * The table with the values that its steps mean: a float32 that a value of a grid was rounded to is that
 * value. With `nearest`, as for rows that come to a model, a value between the steps of its column is the
 * nearest of them, with a remark.
 * @throws failure for another value between the steps of its column, with the row and column of the first
 */
export function onSteps(
  table: Table<Numbers>,
  transform: Transform,
  { nearest = false }: { readonly nearest?: boolean } = {},
): Table<Numbers> {
  if (!transform.steps) return table;
  const columns = gridsOfTransform(transform);
  if (areBytes(table) && columns.every(grid => !grid || grid === wholeNumbers)) return table;
  if (!nearest) refuseFractions(table, columns);
  let areRounded = false;
  const moved = new Map<number, { count: number; from: number; to: number }>();
  const meant = (value: number, d: number) => {
    const grid = columns[d];
    if (!grid || (grid === wholeNumbers && !nearest) || !Number.isFinite(value)) return value;
    return grid.meant(value) ?? (nearest ? grid.below(value + grid.width / 2) : undefined);
  };
  refuseValues(
    table,
    (value, d) => {
      const exact = meant(value, d);
      areRounded ||= exact !== value && !Number.isNaN(value);
      if (nearest && exact !== undefined && exact !== value && columns[d]?.meant(value) === undefined) {
        const { count, from, to } = moved.get(d) ?? { count: 0, from: value, to: exact };
        if (!Number.isNaN(value)) moved.set(d, { count: count + 1, from, to });
      }
      return exact === undefined;
    },
    'a value between the steps of its column',
    { expected: 'the steps that the model was made for', remedy: 'Mend or remove the row.' },
  );
  if (!areRounded) return table;
  const notes = [...(table.notes ?? []), ...movedRemark(table, moved)];
  return { ...table, values: mapped(table, (value, d) => meant(value, d)!), notes };
}

/** Refuses fractions in columns of whole numbers. */
function refuseFractions(table: Table<Numbers>, columns: readonly (Grid | undefined)[]): void {
  refuseValues(
    table,
    (value, d) => columns[d] === wholeNumbers && !Number.isInteger(value) && !Number.isNaN(value),
    'not an integer, so it cannot be dequantised',
    {
      expected: 'whole numbers in every column that is dequantised',
      remedy: 'Name the columns that are: --dequantize COLUMN,COLUMN, or do without.',
    },
  );
}

/** Which values were taken as the nearest step of their column. */
function movedRemark(
  table: Table<Numbers>,
  moved: ReadonlyMap<number, { readonly count: number; readonly from: number; readonly to: number }>,
): string[] {
  const words = [...moved].map(
    ([d, { count, from, to }]) => `"${valueNames(table)[d]}" ${count}, first ${from} as ${to}`,
  );
  return words.length > 0
    ? [`values between the steps of their column, taken as the nearest: ${shortList(words, 8, '')}`]
    : [];
}
