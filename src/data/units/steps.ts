import { usage } from '../../errors.ts';
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
 * value.
 * @throws failure for a value between the steps of its column, with the row and column of the first
 */
export function onSteps(table: Table<Numbers>, transform: Transform): Table<Numbers> {
  if (!transform.steps) return table;
  const columns = gridsOfTransform(transform);
  if (areBytes(table) && columns.every(grid => !grid || grid === wholeNumbers)) return table;
  const isWhole = (d: number) => columns[d] === wholeNumbers;
  refuseValues(
    table,
    (value, d) => isWhole(d) && !Number.isInteger(value) && !Number.isNaN(value),
    'not an integer, so it cannot be dequantised',
    {
      expected: 'whole numbers in every column that is dequantised',
      remedy: 'Name the columns that are: --dequantize COLUMN,COLUMN, or do without.',
    },
  );
  let areRounded = false;
  const meant = (value: number, d: number) => {
    const grid = columns[d];
    return grid && grid !== wholeNumbers && !Number.isNaN(value) ? grid.meant(value) : value;
  };
  refuseValues(
    table,
    (value, d) => {
      const exact = meant(value, d);
      areRounded ||= exact !== value && !Number.isNaN(value);
      return exact === undefined;
    },
    'a value between the steps of its column',
    { expected: 'the steps that the model was made for', remedy: 'Mend or remove the row.' },
  );
  return areRounded ? { ...table, values: mapped(table, (value, d) => meant(value, d)!) } : table;
}
