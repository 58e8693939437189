import type { ColumnBounds } from './columns/bounds.ts';
import { fitTransform } from './fit.ts';
import { refuseBounds, withBounds, withEnds } from './fit-bounds.ts';
import { refuseExtreme } from './fit-faults.ts';
import { hasMissing } from './missing.ts';
import { eachRow } from './moments.ts';
import { isTableScaling, type Scaling, type TableScalingName } from './scalings.ts';
import { type Numbers, type Table, width } from './table.ts';
import type { CellKind } from './units/cell-rows.ts';
import { type BestScaling, bestScaling } from './units/choose-scaling.ts';
import type { Transform } from './units/contract.ts';
import { fitTable, type TableScaling } from './units/fit-table.ts';
import { type Grid, gridJson } from './units/grid.ts';
import { gridsOf } from './units/steps.ts';

/** How the rows of a table are scaled. */
export interface RowScaling {
  /** A name of `scalings` or `tableScalings`. Default `standard`. */
  readonly scaling?: Scaling | TableScalingName;
  /** Which columns are dequantised. Default: those whose kinds have steps. */
  readonly dequantize?: boolean | readonly string[];
  /** L, for `symmetric` and `unit`. Default 256. */
  readonly levels?: number;
  /**
   * Bounds of columns by name, which samples keep. Default: the ends that a twentieth of the rows share.
   */
  readonly bounds?: ColumnBounds;
  /** Of the cross-validation behind `auto`. Default 0. */
  readonly seed?: number;
}

/** The transform of rows, and what else may describe them. */
export interface FittedRows {
  /**
   * Affine, or that of a table if the scaling is one of tables, a value is missing or a column has
   * categories.
   */
  readonly transform: Transform;
  /** The same, fitted to more rows. */
  readonly ofMore?: Transform;
  /** A mixture in place of the Gaussian of a table, if it describes the rows better. */
  readonly mixture?: { readonly transform: Transform; readonly ofMore?: Transform };
}

/** Fits a transform to these rows. Its scaling is chosen on `more` rows, those and others. */
export function fitRows(
  table: Table<Numbers>,
  rows: Uint32Array,
  options: RowScaling,
  more?: Uint32Array,
): FittedRows {
  const { scaling = 'standard', levels = 256, seed = 0 } = options;
  const grids = gridsOf(table, options.dequantize);
  if (!isTableScaling(scaling) && !needsTable(table)) {
    refuseBounds(options);
    return { transform: fitTransform(table, rows, { scaling: scaling as Scaling, grids, levels }) };
  }
  const known = withBounds(table, cellKinds(table, grids), options.bounds);
  const [values, valuesOfMore] = [valuesOf(table, rows), more && valuesOf(table, more)];
  const kinds = withEnds({ values: valuesOfMore ?? values, kinds: known });
  const cellRows = { values, kinds };
  const all = valuesOfMore && { values: valuesOfMore, kinds };
  refuseExtreme(table, rangesOf((all ?? cellRows).values, kinds.length));
  const { gaussian, mixture }: BestScaling =
    scaling === 'auto' ? bestScaling(all ?? cellRows, seed) : { gaussian: tableScaling(scaling) };
  const fitted = (scale: TableScaling) => ({
    transform: fitTable(cellRows, scale, seed),
    ...(all && { ofMore: fitTable(all, scale, seed) }),
  });
  return { ...fitted(gaussian), ...(mixture && { mixture: fitted(mixture) }) };
}

/** The range of each column, `[C]`; 0 for no values. */
function rangesOf(values: Float64Array, width: number): Float64Array {
  const [low, high] = [new Float64Array(width).fill(Infinity), new Float64Array(width).fill(-Infinity)];
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    low[i % width] = Math.min(low[i % width]!, values[i]!);
    high[i % width] = Math.max(high[i % width]!, values[i]!);
  }
  return high.map((value, c) => Math.max(0, value - low[c]!));
}

/** Whether some rows have missing values or cells that are no numbers. */
const needsTable = (table: Table<Numbers>): boolean =>
  (table.kinds ?? []).some(({ kind }) => kind === 'category' || kind === 'yes-no') || hasMissing(table);

/** The named scaling of a table. */
const tableScaling = (name: string): TableScaling => ({
  margins: name === 'margins' || name === 'copula',
  shrinkage: name === 'gaussian' || name === 'copula' ? 0 : 1,
});

const cellKinds = (table: Table<Numbers>, grids: readonly (Grid | undefined)[]): CellKind[] =>
  grids.map((grid, c) => {
    const kind = table.kinds?.[c];
    if (kind?.kind === 'category') return { categories: kind.names.length };
    if (kind?.kind === 'yes-no') return { categories: 2 };
    return { grid: grid && gridJson(grid) };
  });

function valuesOf(table: Table<Numbers>, rows: Uint32Array): Float64Array {
  const size = width(table);
  const out = new Float64Array(rows.length * size);
  let row = 0;
  for (const { values, at } of eachRow(table, rows)) out.set(values.subarray(at, at + size), row++ * size);
  return out;
}
