import { usage } from '../errors.ts';
import { fillUniform, type Key } from '../random/index.ts';
import { flipSome } from './flips.ts';
import { type Numbers, type Table, width } from './table.ts';
import type { Transform } from './units/contract.ts';
import type { Visits } from './visits.ts';

/** Some rows of a table, and how they are visited. */
interface Source {
  readonly name: string;
  readonly table: Table<Numbers>;
  /** The rows of this part, by their places in the table. */
  readonly rows: Uint32Array;
  readonly transform: Transform;
  readonly visits: Visits;
  /** Whether batches mirror images at random. */
  readonly flips: boolean;
}

/** Reads rows as points: values on a grid are spread over their steps, categories over their codes. */
export interface PointReader {
  /** The points of a training batch, `[count, D]`. */
  ofBatch(key: Key, step: number, count: number): Float64Array;
  /** The points of samples, `[n, D]`. @throws usage for a sample that the part does not have */
  ofRows(key: Key, samples: Uint32Array, repeat: number): Float64Array;
  /** The values of samples as in the file, `[n, C]`. */
  values(samples: Uint32Array): Float64Array;
}

/** The draws of a point are keyed by the row and by the number of its visit, whatever else is read. */
export function pointReader({ name, table, rows, transform, visits, flips }: Source): PointReader {
  const { size } = transform;
  const pointsOf = (places: Uint32Array, key: Key, visit: number, flip: boolean): Float64Array => {
    const x = valuesOf(table, places);
    if (flip) flipSome(x, places, table.shape, key, visit);
    if (!transform.steps) return x;
    const u = new Float64Array(places.length * size);
    fillUniform(u, key, { step: visit, samples: places, size });
    return transform.spread(x, u);
  };
  const placesOf = (samples: Uint32Array) => {
    const unknown = samples.find(sample => sample >= rows.length);
    if (unknown !== undefined)
      throw usage('no such row', { where: name, got: unknown, expected: `0 to ${rows.length - 1}` });
    return samples.map(sample => rows[sample]!);
  };
  return {
    ofBatch(key, step, count) {
      const points = new Float64Array(count * size);
      let first = 0;
      for (const visit of visits(key, step, count)) {
        points.set(pointsOf(visit.rows, key, visit.epoch, flips), first * size);
        first += visit.rows.length;
      }
      return points;
    },
    ofRows: (key, samples, repeat) => pointsOf(placesOf(samples), key, repeat, false),
    values: samples => valuesOf(table, placesOf(samples)),
  };
}

/** The values of rows, `[n, C]`. */
export function valuesOf(table: Table<Numbers>, rows: Uint32Array): Float64Array {
  const size = width(table);
  const x = new Float64Array(rows.length * size);
  rows.forEach((row, i) => {
    x.set(table.values.subarray(row * size, (row + 1) * size), i * size);
  });
  return x;
}
