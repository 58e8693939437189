import { usage } from '../errors.ts';
import { key, permutation } from '../random/index.ts';
import { columnPositions } from './columns/choice.ts';
import { kindsOn } from './columns/modelled.ts';
import type { Dataset, Transform } from './contract.ts';
import {
  chosen,
  type FitOptions,
  fitTransform,
  isTableScaling,
  type Scaling,
  type TableScalingName,
} from './fit.ts';
import { remarksOf } from './remarks.ts';
import { rowHashes } from './row-hashes.ts';
import { serve } from './serve.ts';
import { split, TEST_FRACTION } from './split.ts';
import { checkTable, type Numbers, type Table, valueNames, width } from './table.ts';
import { bestScaling, type CellKind, fitTable, type TableScaling } from './units/fit-table.ts';
import { type Grid, gridJson } from './units/grid.ts';
import { checkSteps, gridsOf, gridsOfTransform } from './units/steps.ts';

/** Which rows of a table a data set serves, and how their values are scaled for a network. */
export interface FiniteOptions extends Partial<Omit<FitOptions, 'grids' | 'scaling'>> {
  /** How values are scaled: a name of `scalings` or, for tables, of `tableScalings`. Default `standard`. */
  readonly scaling?: Scaling | TableScalingName;
  /**
   * Dequantisation. `true`: all values are whole numbers, and each visit draws a place in [v, v + 1).
   * A list names columns, singly or by range; their steps are whole numbers or constant decimal steps such
   * as tenths. Default false.
   */
  readonly dequantize?: boolean | readonly string[];
  /**
   * Which rows to serve; default `all`. The transform is fitted on the training rows (all rows if the part is
   * `all`).
   */
  readonly part?: 'all' | 'train' | 'test';
  /** Share of test rows; default 0.2. */
  readonly testFraction?: number;
  /** Of the split; default 0. */
  readonly seed?: number;
  /**
   * Whether `batch` mirrors each image left to right with probability ½, drawn at each visit. `read` never
   * does.
   */
  readonly flips?: boolean;
  /** A transform fitted earlier, such as a checkpoint's. Its `bins` then decides what is dequantised. */
  readonly transform?: Transform;
  /**
   * Share of the rows of the part `train` that `batch` never serves and `validation` holds; default 0. Small
   * tables keep a third, up to 20 rows, if that is more.
   */
  readonly validationFraction?: number;
  /**
   * Whether the model learns to answer every question about a row: `batch` then draws which cells are
   * generated, known and absent. Default: whether some cells are missing.
   */
  readonly conditional?: boolean;
  /** Columns that are always known: the model is p(the rest | these). Default: none. */
  readonly condition?: readonly string[];
}

/**
 * A table as a data set.
 * @throws usage or failure for empty data, values that are not finite, constant columns under
 *   standardisation, fractions under dequantisation, and a transform of another width
 */
export function finiteDataset(name: string, source: Table<Numbers>, options: FiniteOptions = {}): Dataset {
  const table = checkTable(source, { missing: takesMissing(source, options) });
  const { part = 'all', testFraction = TEST_FRACTION, seed = 0 } = options;
  const parts = part === 'all' ? undefined : split(table.count, testFraction, seed);
  const all = Uint32Array.from({ length: table.count }, (_, row) => row);
  if (!['all', 'train', 'test'].includes(part))
    throw usage('no such part of the rows', { where: name, got: part, expected: 'all, train or test' });
  const rows = parts && part !== 'all' ? parts[part] : all;
  if (rows.length === 0) throw usage('the part has no rows', { where: name, got: part });
  const transform = options.transform ?? fitted(table, parts?.train ?? all, options);
  if (transform.width !== width(table))
    throw usage('the data are not as wide as what the transform was made for', {
      where: table.where,
      got: `${width(table)} values a row`,
      expected: `${transform.width}`,
    });
  if (options.flips && table.shape.length < 2)
    throw usage('only images can be flipped', { where: name, got: `rows of shape [${table.shape}]` });
  checkSteps(table, transform);
  const remarks = options.transform ? [] : remarksOf(table, parts?.train ?? all, transform);
  const withRemarks = {
    ...table,
    notes: [...(table.notes ?? []), ...remarks],
    ...(table.kinds && { kinds: kindsOn(table.kinds, gridsOfTransform(transform)) }),
  };
  const how = { flips: options.flips ?? false, masks: masksOf(table, options) };
  const { fit, validation } = keptForValidation(rows, options.validationFraction ?? 0, seed);
  const served = serve(name, withRemarks, fit, transform, how);
  if (validation.length === 0) return served;
  const kept = serve(name, table, validation, transform, how);
  return Object.freeze({ ...served, validation: kept, hashes: () => rowHashes(table, rows) });
}

function fitted(table: Table<Numbers>, rows: Uint32Array, options: FiniteOptions): Transform {
  const { scaling = 'standard', levels = 256, seed = 0 } = options;
  const grids = gridsOf(table, options.dequantize);
  if (!isTableScaling(scaling) && !needsTable(table))
    return fitTransform(table, rows, { scaling: scaling as Scaling, grids, levels });
  const some = { values: valuesOf(table, rows), kinds: cellKinds(table, grids) };
  const chosen = scaling === 'auto' ? bestScaling(some, seed) : tableScaling(scaling);
  return fitTable(some, chosen, seed);
}

/** Whether rows with missing values can be served: a transform of a table, or a table of kinds. */
const takesMissing = (table: Table<Numbers>, { transform }: FiniteOptions): boolean =>
  transform ? transform.kind === 'table' : table.kinds !== undefined && inMemory(table) !== undefined;

/** The values of a table that is not read on demand. */
const inMemory = ({ values }: Table<Numbers>): Float32Array | Float64Array | undefined =>
  values instanceof Float64Array || values instanceof Float32Array ? values : undefined;

/** Whether some rows have missing values or cells that are no numbers. */
const needsTable = (table: Table<Numbers>): boolean =>
  (table.kinds ?? []).some(({ kind }) => kind === 'category' || kind === 'yes-no') || hasMissing(table);

const hasMissing = (table: Table<Numbers>): boolean =>
  table.kinds !== undefined && (inMemory(table)?.some(Number.isNaN) ?? false);

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
  for (const { values, at } of chosen(table, rows)) out.set(values.subarray(at, at + size), row++ * size);
  return out;
}

function masksOf(table: Table<Numbers>, options: FiniteOptions) {
  const { conditional = hasMissing(table), condition = [] } = options;
  if (!conditional && condition.length === 0 && !hasMissing(table)) return undefined;
  return { random: conditional, condition: columnPositions(condition, valueNames(table)) };
}

/** Fewest rows that are kept for validation, if that is at most a third. */
const LEAST_VALIDATION = 20;

function keptForValidation(rows: Uint32Array, fraction: number, seed: number) {
  if (fraction === 0 || rows.length < 3) return { fit: rows, validation: new Uint32Array() };
  const least = Math.min(LEAST_VALIDATION, Math.floor(rows.length / 3));
  const size = Math.max(Math.round(rows.length * fraction), least);
  const order = permutation(rows.length, key(seed, 'data/validation'), 0);
  const of = (places: Uint32Array) => places.map(place => rows[place]!).sort();
  return { fit: of(order.slice(size)), validation: of(order.slice(0, size)) };
}
