import { usage } from '../errors.ts';
import { mapInto } from '../files/numbers.ts';
import { fillUniform, type Key, permutation } from '../random/index.ts';
import type { Contexts, Dataset, Labels, Transform } from './contract.ts';
import { flipSome } from './flips.ts';
import type { TableLabels } from './labels.ts';
import { type MaskOptions, maskStates } from './masks.ts';
import { rowHashes } from './row-hashes.ts';
import { type Numbers, type Table, width } from './table.ts';
import { STATES } from './units/gaussian.ts';

/** How rows of a table are served. */
export interface ServeOptions {
  /** Whether `batch` mirrors images at random. */
  readonly flips: boolean;
  /** For a model that answers questions about rows, or rows with missing values: which questions. */
  readonly masks?: MaskOptions | undefined;
}

/** Visits of rows in one epoch. */
interface Visit {
  readonly picked: Uint32Array;
  readonly epoch: number;
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
  const gather = (picked: Uint32Array) => gathered(table, picked);
  const visits = visitsOf(rows);
  const pointsOf = (picked: Uint32Array, key: Key, visit: number, flip = false): Float64Array => {
    const x = gather(picked);
    if (flip) flipSome(x, picked, table.shape, key, visit);
    if (!transform.steps) return x;
    const u = new Float64Array(picked.length * size);
    fillUniform(u, key, { step: visit, samples: picked, size });
    return transform.spread(x, u);
  };
  const pointsOfBatch = (key: Key, step: number, count: number): Float64Array => {
    const points = new Float64Array(count * size);
    let done = 0;
    for (const { picked, epoch } of visits(key, step, count)) {
      points.set(pointsOf(picked, key, epoch, flips), done * size);
      done += picked.length;
    }
    return points;
  };
  const places = (samples: Uint32Array) => {
    const stray = samples.find(sample => sample >= rows.length);
    if (stray !== undefined)
      throw usage('no such row', { where: name, got: stray, expected: `0 to ${rows.length - 1}` });
    return samples.map(sample => rows[sample]!);
  };
  const asked = masks && transform.kind === 'table' ? questions(transform, masks) : undefined;
  return Object.freeze({
    name,
    shape: table.shape,
    count: rows.length,
    rows: table.rows ? rows.map(row => table.rows![row]!) : rows,
    ...(table.columns && { columns: table.columns }),
    ...(table.kinds && { kinds: table.kinds }),
    ...(table.layout && { layout: table.layout }),
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
      const points = pointsOfBatch(key, step, count);
      if (asked) asked.forward(points, asked.ofBatch(points, key, step), out);
      else transform.forward(points, out);
    },
    read: (out: Float32Array | Float64Array, key: Key, samples: Uint32Array, repeat = 0) => {
      const points = pointsOf(places(samples), key, repeat);
      if (asked) asked.forward(points, asked.ofRows(points), out);
      else transform.forward(points, out);
    },
    logDeterminants: (key: Key, samples: Uint32Array, repeat = 0) => {
      const points = pointsOf(places(samples), key, repeat);
      if (transform.kind === 'affine') return transform.logDeterminants(points);
      const states = asked?.ofRows(points);
      const cells = transform.logCells(gather(places(samples)), points, states);
      return transform.logDeterminants(points, states).map((value, i) => value + cells[i]!);
    },
    ...(asked && {
      contexts: {
        batch: (key: Key, step: number, count: number) => {
          const points = pointsOfBatch(key, step, count);
          return asked.context(points, asked.ofBatch(points, key, step));
        },
        read: (key: Key, samples: Uint32Array, repeat = 0) => {
          const points = pointsOf(places(samples), key, repeat);
          return asked.context(points, asked.ofRows(points));
        },
      } satisfies Contexts,
    }),
    ...(table.labels && { labels: servedLabels(table.labels, rows, visits) }),
    hashes: () => rowHashes(table, rows),
    all: () => ({ data: gather(rows), shape: [rows.length, ...table.shape] }),
    ...(table.values.close && { close: table.values.close }),
  });
}

/** The states of rows, and what follows from them. Missing values are absent, whatever is asked. */
function questions(transform: Extract<Transform, { kind: 'table' }>, masks: MaskOptions) {
  const { size, width: cells } = transform;
  const withMissing = (points: Float64Array, states: Uint8Array) => {
    for (let i = 0; i < states.length; i++) if (Number.isNaN(points[i])) states[i] = STATES.absent;
    return states;
  };
  const asked = (options: MaskOptions, points: Float64Array, key: Key, step: number) =>
    withMissing(points, transform.states(maskStates(options, key, step, points.length / size, cells)));
  return {
    ofBatch: (points: Float64Array, key: Key, step: number) => asked(masks, points, key, step),
    ofRows: (points: Float64Array) =>
      asked({ ...masks, random: false }, points, { seed: 0, stream: 'rows' }, 0),
    forward: <T extends Float32Array | Float64Array>(points: Float64Array, states: Uint8Array, out: T) =>
      transform.forward(points, out, states),
    context: (points: Float64Array, states: Uint8Array) => transform.context(points, states),
  };
}

function gathered(table: Table<Numbers>, picked: Uint32Array): Float64Array {
  const size = width(table);
  const x = new Float64Array(picked.length * size);
  picked.forEach((row, i) => {
    x.set(table.values.subarray(row * size, (row + 1) * size), i * size);
  });
  return x;
}

/** The rows of a batch, epoch by epoch. */
function visitsOf(rows: Uint32Array): (key: Key, step: number, count: number) => Visit[] {
  const order = epochOrder(rows.length);
  return (key, step, count) => {
    const parts: Visit[] = [];
    for (let done = 0; done < count; ) {
      const epoch = Math.floor((step * count + done) / rows.length);
      const first = (step * count + done) % rows.length;
      const stretch = order(key, epoch).subarray(first, first + count - done);
      parts.push({ picked: stretch.map(place => rows[place]!), epoch });
      done += stretch.length;
    }
    return parts;
  };
}

const labelsNote = ({ source, classes }: TableLabels) => {
  const shown = classes.length > 12 ? [...classes.slice(0, 11), '…', classes.at(-1)!] : classes;
  return `${classes.length} classes by "${source}": ${shown.join(', ')}`;
};

function servedLabels(
  { source, classes, values }: TableLabels,
  rows: Uint32Array,
  visits: (key: Key, step: number, count: number) => readonly Visit[],
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
