import { fillUniform, type Key } from '../../random/index.ts';
import { type CellMapJson, cellMap } from './cell-map.ts';
import { type CellRows, knownValues } from './cell-rows.ts';
import { makeGrid } from './grid.ts';
import type { MarginJson } from './margin.ts';
import { fitMargin, gaussianMargin } from './margin-fit.ts';

/** The margin of no values. */
const UNIT: MarginJson = { weights: [1], means: [0], stds: [1] };

/** The map of each cell, fitted to rows. With `margins`, numbers may be bent to a normal margin. */
export function cellsOf(rows: CellRows, margins: boolean, draws: Key): CellMapJson[] {
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
    const { spread, draws: isDrawn } = cellMap(map(UNIT));
    if (isDrawn) {
      const u = new Float64Array(column.length);
      fillUniform(u, draws, { step: c, first: 0, size: 1 });
      for (let i = 0; i < column.length; i++)
        spread(column[i]!, u.subarray(i, i + 1), column.subarray(i, i + 1));
    }
    return map(marginOf(column, width, margins));
  });
}

function marginOf(column: Float64Array, width: number, margins: boolean): MarginJson {
  if (column.length === 0) return UNIT;
  return margins ? fitMargin(column, width) : gaussianMargin(column);
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
  const cells = jsons.map(cellMap);
  const size = cells.reduce((sum, { width }) => sum + width, 0);
  const count = values.length / kinds.length;
  const u = new Float64Array(count * size);
  fillUniform(u, draws, { step: 0, first: 0, size });
  const coordinates = new Float64Array(count * size);
  const logSlopes = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    let at = row * size;
    for (const [c, cell] of cells.entries()) {
      const point = coordinates.subarray(at, at + cell.width);
      cell.spread(values[row * kinds.length + c]!, u.subarray(at, at + cell.width), point);
      for (let d = 0; d < point.length; d++) {
        if (Number.isNaN(point[d]!)) continue;
        logSlopes[row]! += cell.logSlope(point[d]!);
        point[d] = cell.forward(point[d]!);
      }
      at += cell.width;
    }
  }
  return { coordinates, logSlopes, size };
}
