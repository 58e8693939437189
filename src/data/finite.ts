import { usage } from '../errors.ts';
import { mapInto } from '../files/numbers.ts';
import { fillUniform, type Key, permutation } from '../random/index.ts';
import { kindsOn, modelledTable } from './columns/modelled.ts';
import type { Dataset, Labels, Transform } from './contract.ts';
import { type FitOptions, fitTransform } from './fit.ts';
import { flipSome } from './flips.ts';
import type { TableLabels } from './labels.ts';
import { remarksOf } from './remarks.ts';
import { rowHashes } from './row-hashes.ts';
import { split, TEST_FRACTION } from './split.ts';
import { checkTable, type Numbers, type Table, width } from './table.ts';
import { checkSteps, gridsOf } from './units/steps.ts';

/** Which rows of a table a data set serves, and how their values are scaled for a network. */
export interface FiniteOptions extends Partial<Omit<FitOptions, 'grids'>> {
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
}

/**
 * A table as a data set.
 * @throws usage or failure for empty data, values that are not finite, constant columns under
 *   standardisation, fractions under dequantisation, and a transform of another width
 */
export function finiteDataset(name: string, source: Table<Numbers>, options: FiniteOptions = {}): Dataset {
  const table = checkTable(modelledTable(source));
  const {
    part = 'all',
    testFraction = TEST_FRACTION,
    seed = 0,
    scaling = 'standard',
    levels = 256,
  } = options;
  const grids = options.transform?.columns.map(({ grid }) => grid) ?? gridsOf(table, options.dequantize);
  const parts = part === 'all' ? undefined : split(table.count, testFraction, seed);
  const all = Uint32Array.from({ length: table.count }, (_, row) => row);
  if (!['all', 'train', 'test'].includes(part))
    throw usage('no such part of the rows', { where: name, got: part, expected: 'all, train or test' });
  const rows = parts && part !== 'all' ? parts[part] : all;
  if (rows.length === 0) throw usage('the part has no rows', { where: name, got: part });
  const transform = options.transform ?? fitTransform(table, parts?.train ?? all, { scaling, grids, levels });
  if (transform.shift.length !== width(table))
    throw usage('the data are not as wide as what the transform was made for', {
      where: table.where,
      got: `${width(table)} values a row`,
      expected: `${transform.shift.length}`,
    });
  if (options.flips && table.shape.length < 2)
    throw usage('only images can be flipped', { where: name, got: `rows of shape [${table.shape}]` });
  checkSteps(table, transform);
  const remarks = options.transform ? [] : remarksOf(table, parts?.train ?? all, transform);
  const withRemarks = {
    ...table,
    notes: [...(table.notes ?? []), ...remarks],
    ...(table.kinds && {
      kinds: kindsOn(
        table.kinds,
        transform.columns.map(({ grid }) => grid),
      ),
    }),
  };
  return serve(name, withRemarks, rows, transform, options.flips ?? false);
}

function serve(
  name: string,
  table: Table<Numbers>,
  rows: Uint32Array,
  transform: Transform,
  flips: boolean,
): Dataset {
  const size = width(table);
  const order = epochOrder(rows.length);
  const gather = (picked: Uint32Array) => {
    const x = new Float64Array(picked.length * size);
    picked.forEach((row, i) => {
      x.set(table.values.subarray(row * size, (row + 1) * size), i * size);
    });
    return x;
  };
  /** The rows of a batch, epoch by epoch. */
  const visits = (key: Key, step: number, count: number) => {
    const parts: { readonly picked: Uint32Array; readonly epoch: number }[] = [];
    for (let done = 0; done < count; ) {
      const epoch = Math.floor((step * count + done) / rows.length);
      const first = (step * count + done) % rows.length;
      const stretch = order(key, epoch).subarray(first, first + count - done);
      parts.push({ picked: stretch.map(place => rows[place]!), epoch });
      done += stretch.length;
    }
    return parts;
  };
  const emit = (
    out: Float32Array | Float64Array,
    picked: Uint32Array,
    key: Key,
    visit: number,
    flip = false,
  ) => {
    const x = gather(picked);
    if (flip) flipSome(x, picked, table.shape, key, visit);
    if (transform.steps) {
      const u = new Float64Array(x.length);
      fillUniform(u, key, { step: visit, samples: picked, size });
      transform.spread(x, u);
    }
    transform.forward(x, out);
  };
  return Object.freeze({
    name,
    shape: table.shape,
    count: rows.length,
    rows: table.rows ? rows.map(row => table.rows![row]!) : rows,
    ...(table.columns && { columns: table.columns }),
    ...(table.kinds && { kinds: table.kinds }),
    ...(table.layout && { layout: table.layout }),
    ...(flips && { flips }),
    transform,
    notes: [...(table.notes ?? []), ...(table.labels ? [labelsNote(table.labels)] : [])],
    batch: (out: Float32Array, key: Key, step: number, count: number) => {
      if (out.length !== count * size)
        throw usage('the batch does not fit its array', {
          where: name,
          got: out.length,
          expected: `${count * size} values`,
        });
      let done = 0;
      for (const { picked, epoch } of visits(key, step, count)) {
        emit(out.subarray(done * size, (done + picked.length) * size), picked, key, epoch, flips);
        done += picked.length;
      }
    },
    read: (out: Float32Array | Float64Array, key: Key, samples: Uint32Array, repeat = 0) => {
      const stray = samples.find(sample => sample >= rows.length);
      if (stray !== undefined)
        throw usage('no such row', { where: name, got: stray, expected: `0 to ${rows.length - 1}` });
      emit(
        out,
        samples.map(sample => rows[sample]!),
        key,
        repeat,
      );
    },
    ...(table.labels && { labels: servedLabels(table.labels, rows, visits) }),
    hashes: () => rowHashes(table, rows),
    all: () => ({ data: gather(rows), shape: [rows.length, ...table.shape] }),
    ...(table.values.close && { close: table.values.close }),
  });
}

const labelsNote = ({ source, classes }: TableLabels) => {
  const shown = classes.length > 12 ? [...classes.slice(0, 11), '…', classes.at(-1)!] : classes;
  return `${classes.length} classes by "${source}": ${shown.join(', ')}`;
};

function servedLabels(
  { source, classes, values }: TableLabels,
  rows: Uint32Array,
  visits: (key: Key, step: number, count: number) => readonly { readonly picked: Uint32Array }[],
): Labels {
  const of = (picked: Uint32Array) => mapInto(new Int32Array(picked.length), picked, row => values[row]!);
  return Object.freeze({
    source,
    classes,
    values: of(rows),
    batch: (key: Key, step: number, size: number) =>
      Int32Array.from(visits(key, step, size).flatMap(({ picked }) => [...of(picked)])),
  });
}

/**
 * The shuffle of an epoch. It caches the last one, so that a step does not pass over all rows. Results are
 * pure.
 */
function epochOrder(count: number) {
  let last: { seed: number; stream: string; epoch: number; order: Uint32Array } | undefined;
  return (key: Key, epoch: number): Uint32Array => {
    const isLast = last && last.seed === key.seed && last.stream === key.stream && last.epoch === epoch;
    if (!isLast) last = { ...key, epoch, order: permutation(count, key, epoch) };
    return last!.order;
  };
}
