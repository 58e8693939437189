import { usage } from '../errors.ts';
import type { Coefficient } from '../tensor/types.ts';

/**
 * Times as positions on a grid of equal cells: the cell of each row, and the position of the time within its
 * cell, in [0, 1].
 */
export interface Places {
  readonly cell: Uint32Array;
  readonly part: Float64Array;
}

/** [tMin, tMax] halved `depth` times. */
export interface DyadicGrid {
  readonly depth: number;
  readonly span: number;
  /** The positions of one time for all rows, or of one time for each row. */
  places(t: Coefficient, rows: number): Places;
}

/** The grid of 2^depth cells on [tMin, tMax], each no wider than `tolerance`; at most 2³¹ cells. */
export function dyadicGrid(tMin: number, tMax: number, tolerance: number): DyadicGrid {
  const span = tMax - tMin;
  const refuse = (what: string, got: unknown, expected: string) =>
    usage(what, { where: 'brownianTree', got, expected });
  if (!(span > 0) || !Number.isFinite(span)) {
    throw refuse('The times are not an interval', `[${tMin}, ${tMax}]`, 'tMin < tMax, both finite');
  }
  const depth = Math.max(0, Math.ceil(Math.log2(span / tolerance)));
  if (!(tolerance > 0) || depth > 31) {
    throw refuse('The tolerance is out of range', tolerance, `at least ${span / 2 ** 31}`);
  }
  const cells = 2 ** depth;
  return Object.freeze({
    depth,
    span,
    places(t, rows) {
      if (!Number.isInteger(rows))
        throw refuse('There are no whole rows', rows, 'a multiple of the row size');
      const times = typeof t === 'number' ? new Float64Array(rows).fill(t) : t;
      if (times.length !== rows) {
        throw refuse('There must be one time for each row', times.length, `${rows}`);
      }
      const cell = new Uint32Array(rows);
      const part = times.map((time, row) => {
        if (!(time >= tMin && time <= tMax)) {
          throw refuse('The time is outside the tree', time, `${tMin} to ${tMax}`);
        }
        const place = ((time - tMin) / span) * cells;
        cell[row] = Math.min(Math.floor(place), cells - 1);
        return place - cell[row]!;
      });
      return { cell, part };
    },
  } satisfies DyadicGrid);
}

/** The number of last halvings in which the cells of some row differ. */
export function levelsApart(a: Uint32Array, b: Uint32Array): number {
  return a.reduce((most, cell, row) => Math.max(most, 32 - Math.clz32(cell ^ b[row]!)), 0);
}
