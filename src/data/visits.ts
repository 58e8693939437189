import { type Key, permutation } from '../random/index.ts';

/** The visits of one epoch in a batch. */
export interface Visit {
  /** The rows of the table, in the order of the batch. */
  readonly rows: Uint32Array;
  /** The epoch, from 0: how often each row came before. */
  readonly epoch: number;
}

/** The rows of the batch of `step`, epoch by epoch: `count` rows in all. */
export type Visits = (key: Key, step: number, count: number) => readonly Visit[];

/** The visits of these rows: one keyed shuffle of all rows after another, cut into batches. */
export function visitsOf(rows: Uint32Array): Visits {
  const order = epochOrder(rows.length);
  return (key, step, count) => {
    const visits: Visit[] = [];
    let size = 0;
    while (size < count) {
      const epoch = Math.floor((step * count + size) / rows.length);
      const first = (step * count + size) % rows.length;
      const places = order(key, epoch).subarray(first, first + count - size);
      visits.push({ rows: places.map(place => rows[place]!), epoch });
      size += places.length;
    }
    return visits;
  };
}

/**
 * The shuffle of an epoch. It keeps the last one, so that a step does not pass over all rows. The result
 * depends on the key and the epoch alone.
 */
function epochOrder(count: number) {
  let last: { seed: number; stream: string; epoch: number; order: Uint32Array } | undefined;
  return (key: Key, epoch: number): Uint32Array => {
    const isLast = last && last.seed === key.seed && last.stream === key.stream && last.epoch === epoch;
    if (!isLast) last = { ...key, epoch, order: permutation(count, key, epoch) };
    return last!.order;
  };
}
