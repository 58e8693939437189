import { usage } from '../errors.ts';
import type { ColumnBounds } from './columns/bounds.ts';
import { columnPositions } from './columns/choice.ts';
import { kindsOn } from './columns/modelled.ts';
import type { Dataset } from './contract.ts';
import type { FitOptions } from './fit.ts';
import { type FittedRows, fitRows } from './fit-rows.ts';
import { hasMissing, takesMissing } from './missing.ts';
import { remarksOf } from './remarks.ts';
import type { Scaling, TableScalingName } from './scalings.ts';
import { hashing, serve } from './serve.ts';
import { split, splitValidation, TEST_FRACTION } from './split.ts';
import { checkTable, type Numbers, type Table, valueNames, width } from './table.ts';
import type { Transform } from './units/contract.ts';
import { gridsOfTransform, onSteps } from './units/steps.ts';

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
  /** Bounds of columns by name, which samples keep. Default: the ends that a twentieth of the rows share. */
  readonly bounds?: ColumnBounds;
  /**
   * Which rows to serve; default `all`. The transform is fitted on the training rows (all rows if the part is
   * `all`), without those of the validation.
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
  const read = checkTable(source, { missing: takesMissing(source, options.transform) });
  const { part = 'all', testFraction = TEST_FRACTION, seed = 0 } = options;
  const parts = part === 'all' ? undefined : split(read.count, testFraction, seed);
  const all = Uint32Array.from({ length: read.count }, (_, row) => row);
  if (!['all', 'train', 'test'].includes(part))
    throw usage('no such part of the rows', { where: name, got: part, expected: 'all, train or test' });
  const rows = parts && part !== 'all' ? parts[part] : all;
  if (rows.length === 0) throw usage('the part has no rows', { where: name, got: part });
  const training = parts?.train ?? all;
  const isTest = part === 'test';
  const { fit, validation } = splitValidation(rows, isTest ? 0 : (options.validationFraction ?? 0), seed);
  const { transform, ofMore, mixture }: FittedRows = options.transform
    ? { transform: options.transform }
    : fitRows(read, isTest ? training : fit, options, moreThan(fit, validation, training));
  if (transform.width !== width(read))
    throw usage('the data are not as wide as what the transform was made for', {
      where: read.where,
      got: `${width(read)} values a row`,
      expected: `${transform.width}`,
    });
  if (options.flips && read.shape.length < 2)
    throw usage('only images can be flipped', { where: name, got: `rows of shape [${read.shape}]` });
  // Rows that come to a model are read as far as they can be; those that it is fitted to are on its steps.
  const table = onSteps(read, transform, { nearest: options.transform?.kind === 'table' });
  const remarks = options.transform ? [] : remarksOf(table, training, transform, options.bounds);
  const withRemarks = {
    ...table,
    notes: [...(table.notes ?? []), ...remarks],
    ...(table.kinds && { kinds: kindsOn(table.kinds, gridsOfTransform(transform)) }),
  };
  const how = { flips: options.flips ?? false, masks: masksOf(table, options) };
  const dataset = serve(name, withRemarks, fit, transform, how);
  if (validation.length === 0) return dataset;
  return Object.freeze({
    ...dataset,
    validation: serve(name, table, validation, transform, how),
    ...(ofMore && { transformOfAll: ofMore }),
    ...(mixture && {
      mixtureStart: {
        transform: mixture.transform,
        ...(mixture.ofMore && { transformOfAll: mixture.ofMore }),
        validation: serve(name, table, validation, mixture.transform, how),
      },
    }),
    ...hashing(table, rows),
  });
}

/** Most validation rows from which a fit gains. */
const MOST_VALIDATION = 10_000;

/** All rows, if there are so few that a fit gains from those of the validation. */
const moreThan = (fit: Uint32Array, validation: Uint32Array, all: Uint32Array): Uint32Array | undefined =>
  validation.length > 0 && validation.length <= MOST_VALIDATION && fit.length > 0 ? all : undefined;

function masksOf(table: Table<Numbers>, options: FiniteOptions) {
  const { conditional = hasMissing(table), condition = [] } = options;
  if (!conditional && condition.length === 0 && !hasMissing(table)) return undefined;
  return { random: conditional, condition: columnPositions(condition, valueNames(table)) };
}
