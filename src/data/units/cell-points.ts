import { fillUniform, type Key } from '../../random/index.ts';
import { type CellMapJson, cellMap } from './cell-map.ts';
import { type CellRows, knownValues } from './cell-rows.ts';
import { makeGrid } from './grid.ts';
import type { MarginJson } from './margin.ts';
import { fitMargin, gaussianMargin } from './margin-fit.ts';
import { eachCell, together } from './table-parts.ts';
import { spread } from './table-points.ts';

/** The margin of no values. */
const UNIT: MarginJson = { weights: [1], means: [0], stds: [1] };

/** Fits the margin of column c to its values, one or more. `width` is its step, 0 for none. */
export type MarginFit = (values: Float64Array, width: number, c: number) => MarginJson;

/** The mean and standard deviation of each column alone. */
export const plainMargins: MarginFit = values => gaussianMargin(values);

/** Each column may be bent to a normal margin. */
export const bentMargins: MarginFit = (values, width) => fitMargin(values, width);

/** The same, by as many components as in `cells`, which other rows have chosen, or by one. */
export const bentLike =
  (cells: readonly CellMapJson[]): MarginFit =>
  (values, width, c) => {
    const cell = cells[c]!;
    return fitMargin(values, width, 'margin' in cell ? [cell.margin.weights.length] : []);
  };

/** The map of each cell, fitted to rows. */
export function cellsOf(rows: CellRows, fit: MarginFit, draws: Key): CellMapJson[] {
  return rows.kinds.map((kind, c) => {
    const column = knownValues(rows, c);
    if ('categories' in kind)
      return { kind: 'category', probabilities: frequencies(column, kind.categories) };
    const { grid, ...ends } = kind;
    const width = grid ? makeGrid(grid).width : 0;
    const map = (margin: MarginJson): CellMapJson => ({
      kind: 'number',
      margin,
      ...(grid && { grid }),
      ...ends,
    });
    const cell = cellMap(map(UNIT));
    if (column.length === 0) return map(UNIT);
    if (!cell.draws) return map(fit(column, width, c));
    const u = new Float64Array(column.length);
    fillUniform(u, draws, { step: c, first: 0, size: 1 });
    return map(fit(spread(together([cell]), column, u), width, c));
  });
}

/** Frequencies of K categories, none of them 0: each is counted half a time more. */
function frequencies(column: Float64Array, count: number): number[] {
  const counts = new Array<number>(count).fill(0.5);
  for (const code of column) counts[code]!++;
  const sum = counts.reduce((total, each) => total + each, 0);
  return counts.map(each => each / sum);
}

/**
 * Rows as coordinates before they are standardised, NaN where a value is missing, and Σ log slope of each
 * row.
 */
export function pointsOf({ values, kinds }: CellRows, jsons: readonly CellMapJson[], draws: Key) {
  const parts = together(jsons.map(cellMap));
  const { size } = parts;
  const count = values.length / kinds.length;
  const u = new Float64Array(count * size);
  fillUniform(u, draws, { step: 0, first: 0, size });
  const coordinates = spread(parts, values, u);
  const logSlopes = new Float64Array(count);
  for (const { cell, first } of eachCell(parts))
    for (let d = first; d < first + cell.width; d++)
      for (let row = 0, at = d; row < count; row++, at += size) {
        const point = coordinates[at]!;
        if (Number.isNaN(point)) continue;
        logSlopes[row]! += cell.logSlope(point);
        coordinates[at] = cell.forward(point);
      }
  return { coordinates, logSlopes, size };
}
