import { usage } from '../errors.ts';
import type { Key } from '../random/index.ts';
import type { Contexts, Dataset } from './contract.ts';
import type { MaskOptions } from './masks.ts';
import { overlapOf } from './overlap.ts';
import { pointReader, valuesOf } from './points.ts';
import { questionsOf } from './questions.ts';
import { type RowHashes, rowHashes } from './row-hashes.ts';
import { labelsNote, rowLabels } from './row-labels.ts';
import type { Numbers, Table } from './table.ts';
import type { Transform } from './units/contract.ts';
import { visitsOf } from './visits.ts';

/** How rows of a table are served. */
export interface ServeOptions {
  /** Whether `batch` mirrors images at random. */
  readonly flips: boolean;
  /** For a model that answers questions about rows, or rows with missing values: which questions. */
  readonly masks?: MaskOptions | undefined;
}

/** Some rows of a table as a data set. */
export function serve(
  name: string,
  table: Table<Numbers>,
  rows: Uint32Array,
  transform: Transform,
  { flips, masks }: ServeOptions,
): Dataset {
  const { size } = transform;
  const visits = visitsOf(rows);
  const points = pointReader({ name, table, rows, transform, visits, flips });
  const questions = masks && transform.kind === 'table' ? questionsOf(transform, masks) : undefined;
  return Object.freeze({
    name,
    shape: table.shape,
    count: rows.length,
    rows: table.rows ? rows.map(row => table.rows![row]!) : rows,
    ...(table.columns && { columns: table.columns }),
    ...(table.kinds && { kinds: table.kinds }),
    ...(table.layout && { layout: table.layout }),
    ...(table.strangers && { strangers: table.strangers }),
    ...(flips && { flips: true as const }),
    transform,
    notes: [...(table.notes ?? []), ...(table.labels ? [labelsNote(table.labels)] : [])],
    batch: (out: Float32Array, key: Key, step: number, count: number) => {
      if (out.length !== count * size)
        throw usage('the batch does not fit its array', {
          where: name,
          got: out.length,
          expected: `${count * size} values`,
        });
      const x = points.ofBatch(key, step, count);
      if (questions) questions.forward(x, questions.ofBatch(x, key, step), out);
      else transform.forward(x, out);
    },
    read: (out: Float32Array | Float64Array, key: Key, samples: Uint32Array, repeat = 0) => {
      const x = points.ofRows(key, samples, repeat);
      if (questions) questions.forward(x, questions.ofRows(x), out);
      else transform.forward(x, out);
    },
    logDeterminants: (key: Key, samples: Uint32Array, repeat = 0) => {
      const x = points.ofRows(key, samples, repeat);
      if (transform.kind === 'affine') return transform.logDeterminants(x);
      const states = questions?.ofRows(x);
      const cells = transform.logCells(points.values(samples), x, states);
      return transform.logDeterminants(x, states).map((value, i) => value + cells[i]!);
    },
    ...(questions && {
      contexts: {
        batch: (key: Key, step: number, count: number) => {
          const x = points.ofBatch(key, step, count);
          return questions.context(x, questions.ofBatch(x, key, step));
        },
        read: (key: Key, samples: Uint32Array, repeat = 0) => {
          const x = points.ofRows(key, samples, repeat);
          return questions.context(x, questions.ofRows(x));
        },
      } satisfies Contexts,
    }),
    ...(table.labels && { labels: rowLabels(table.labels, rows, visits) }),
    ...hashing(table, rows),
    all: () => ({ data: valuesOf(table, rows), shape: [rows.length, ...table.shape] }),
    ...(table.values.close && { close: table.values.close }),
  });
}

/** How these rows are recognised: by hashes, among others of their kind. */
export const hashing = (table: Table<Numbers>, rows: Uint32Array) => ({
  hashes: () => rowHashes(table, rows),
  overlap: (trained: RowHashes) => overlapOf(table, rows, trained),
});
