import { fillUniform, type Key, key, permutation } from '../../random/index.ts';
import { type CellMapJson, cellMap } from './cell-map.ts';
import type { TableTransform, TableTransformJson } from './contract.ts';
import type { Gaussian } from './gaussian.ts';
import { fitGaussian, gaussianLogDensities, independentGaussian, shrunk } from './gaussian-fit.ts';
import { type GridJson, makeGrid } from './grid.ts';
import type { MarginJson } from './margin.ts';
import { fitMargin, gaussianMargin } from './margin-fit.ts';
import { tableTransform } from './table-transform.ts';

/** What a cell holds: a number, with its grid if it has one, or one of K categories. */
export type CellKind = { readonly grid?: GridJson | undefined } | { readonly categories: number };

/** How a table is scaled. */
export interface TableScaling {
  /** Whether each margin is mapped to a normal one by a mixture; else by its mean and standard deviation. */
  readonly margins: boolean;
  /** By what share correlations are shrunk before they are whitened away: 0 whitens fully, 1 not at all. */
  readonly shrinkage: number;
}

/** Shrinkages that are compared. */
const SHRINKAGES = [0, 0.05, 0.2, 1];
/** Most rows on which scalings are compared. */
const MOST_ROWS = 2000;
const FOLDS = 5;
/** Most coordinates with a full covariance: whitening costs D² operations a row. */
export const MOST_WHITENED = 128;

/** Rows `[n, C]` in data units, NaN where a value is missing, and what their cells hold. */
export interface CellRows {
  readonly values: Float64Array;
  readonly kinds: readonly CellKind[];
}

/** The transform of a table with this scaling, fitted to rows. */
export function fitTable(rows: CellRows, scaling: TableScaling, seed: number): TableTransform {
  return tableTransform(transformOf(rows, scaling, key(seed, 'fit')));
}

/**
 * The scaling under which the Gaussian of the transformed rows gives the greatest likelihood to rows that it
 * was not fitted to, by 5-fold cross-validation: exact, and quick, since no network is trained. A network
 * starts at that Gaussian.
 */
export function bestScaling(rows: CellRows, seed: number): TableScaling {
  const sampleRows = thinned(rows, seed);
  const folds = foldsOf(sampleRows, seed);
  const full = coordinatesOf(sampleRows.kinds) <= MOST_WHITENED;
  let best = { scaling: { margins: false, shrinkage: full ? 0 : 1 }, nats: -Infinity };
  // A wide table is scaled by mean and standard deviation: comparing would take long and gain little.
  if (folds.length < 2 || !full) return best.scaling;
  for (const margins of [false, true]) {
    const nats = SHRINKAGES.map(() => 0);
    for (const { fit, test } of folds) {
      const cells = cellsOf(fit, margins, key(seed, 'fit'));
      const gaussian = gaussianOf(fit, cells, key(seed, 'fit'));
      const testPoints = points(test, cells, key(seed, 'fit/test'));
      const slopes = testPoints.logSlopes.reduce((sum, value) => sum + value, 0);
      for (const [i, shrinkage] of SHRINKAGES.entries()) {
        const densities = gaussianLogDensities(shrunk(gaussian, shrinkage), testPoints.coordinates);
        nats[i]! += densities.reduce((sum, value) => sum + value, slopes);
      }
    }
    for (const [i, shrinkage] of SHRINKAGES.entries())
      if (nats[i]! > best.nats) best = { scaling: { margins, shrinkage }, nats: nats[i]! };
  }
  return best.scaling;
}

function transformOf(rows: CellRows, { margins, shrinkage }: TableScaling, draws: Key): TableTransformJson {
  const cells = cellsOf(rows, margins, draws);
  const full = coordinatesOf(rows.kinds) <= MOST_WHITENED;
  const { mean, covariance } = shrunk(gaussianOf(rows, cells, draws), full ? shrinkage : 1);
  return { cells, gaussian: { mean: [...mean], covariance: [...covariance] } };
}

const coordinatesOf = (kinds: readonly CellKind[]) =>
  kinds.reduce((sum, kind) => sum + ('categories' in kind ? Math.ceil(Math.log2(kind.categories)) : 1), 0);

function cellsOf({ values, kinds }: CellRows, margins: boolean, draws: Key): CellMapJson[] {
  const count = values.length / kinds.length;
  return kinds.map((kind, c) => {
    const column = Float64Array.from({ length: count }, (_, row) => values[row * kinds.length + c]!).filter(
      value => !Number.isNaN(value),
    );
    if ('categories' in kind)
      return { kind: 'category', probabilities: frequencies(column, kind.categories) };
    const width = kind.grid ? makeGrid(kind.grid).width : 0;
    if (width > 0) {
      const u = new Float64Array(column.length);
      fillUniform(u, draws, { step: c, first: 0, size: 1 });
      for (let i = 0; i < column.length; i++) column[i]! += u[i]! * width;
    }
    const margin = marginOf(column, width, margins);
    return { kind: 'number', margin, ...(kind.grid && { grid: kind.grid }) };
  });
}

function marginOf(column: Float64Array, width: number, margins: boolean): MarginJson {
  if (column.length === 0) return { weights: [1], means: [0], stds: [1] };
  return margins ? fitMargin(column, width) : gaussianMargin(column);
}

/** Frequencies of K categories, none of them 0: each is counted half a time more. */
function frequencies(column: Float64Array, count: number): number[] {
  const counts = new Array<number>(count).fill(0.5);
  for (const code of column) counts[code]!++;
  const sum = counts.reduce((total, each) => total + each, 0);
  return counts.map(each => each / sum);
}

/** Rows as coordinates before whitening, NaN where a value is missing, and Σ log slope of each row. */
function points({ values, kinds }: CellRows, jsons: readonly CellMapJson[], draws: Key) {
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

function gaussianOf(rows: CellRows, cells: readonly CellMapJson[], draws: Key): Gaussian {
  const { coordinates, size } = points(rows, cells, draws);
  return size <= MOST_WHITENED ? fitGaussian(coordinates, size) : independentGaussian(coordinates, size);
}

/** At most `MOST_ROWS` rows, chosen at random. */
function thinned({ values, kinds }: CellRows, seed: number): CellRows {
  const count = values.length / kinds.length;
  if (count <= MOST_ROWS) return { values, kinds };
  return rowsAt({ values, kinds }, permutation(count, key(seed, 'fit/rows'), 0).subarray(0, MOST_ROWS));
}

function rowsAt({ values, kinds }: CellRows, rows: ArrayLike<number>): CellRows {
  const out = new Float64Array(rows.length * kinds.length);
  for (let i = 0; i < rows.length; i++)
    out.set(values.subarray(rows[i]! * kinds.length, (rows[i]! + 1) * kinds.length), i * kinds.length);
  return { values: out, kinds };
}

function foldsOf(rows: CellRows, seed: number): { fit: CellRows; test: CellRows }[] {
  const count = rows.values.length / rows.kinds.length;
  if (count < 2 * FOLDS) return [];
  const order = permutation(count, key(seed, 'fit/folds'), 0);
  return Array.from({ length: FOLDS }, (_, fold) => ({
    fit: rowsAt(
      rows,
      order.filter((_, i) => i % FOLDS !== fold),
    ),
    test: rowsAt(
      rows,
      order.filter((_, i) => i % FOLDS === fold),
    ),
  }));
}
