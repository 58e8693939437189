import type { Coefficient } from '../tensor/types.ts';
import { type DyadicGrid, dyadicGrid, levelsApart, type Places } from './dyadic.ts';
import { fillNormals } from './kernel.ts';
import { type Address, type Key, laws } from './key.ts';

/** Which path each row follows, as in `fillNormal`: `samples[i]`, or `first + i`. */
export type Rows = Pick<Address, 'first' | 'samples'>;

export interface BrownianTree {
  /**
   * Writes W(t) into `out` (`[n, size]`, row-major); W(tMin) = 0.
   *
   * @param t one time for all rows, or one for each row, in [tMin, tMax]
   */
  value(out: Float32Array | Float64Array, t: Coefficient, at?: Rows): void;
  /**
   * W(to) − W(from), `[rows, size]`. With `from > to` it is the same path run backwards, so the sign is
   * opposite.
   */
  increment(from: Coefficient, to: Coefficient, rows: number, at?: Rows): Float32Array;
}

export interface BrownianOptions {
  readonly key: Key;
  readonly tMin: number;
  readonly tMax: number;
  /** Number of independent paths in a row: the values of one sample. */
  readonly size: number;
  /**
   * Width down to which the path is resolved; default 2⁻²⁰ of the whole, at least 2⁻³¹ of it. Two times
   * closer than this share their last normal; each alone still has its exact distribution.
   */
  readonly tolerance?: number;
}

/**
 * Brownian motion on [tMin, tMax] as a function of the time: a virtual Brownian tree.
 *
 * The end is drawn first, then midpoints, by Lévy's bridge, W((a+b)/2) = (W(a) + W(b))/2 + ½√(b−a) Z, down to
 * the cell of width at most `tolerance` that contains t, and a last bridge within it. Each Z is keyed by its
 * node and not by the queries. So a time always gives the same value, alone or in a batch and after any other
 * queries, and a refined step refines the same path. Sums are in float64.
 *
 * The nodes are steps of the key's `brownian` law, `level · 2³² + index`: level 0 is the end, and the
 * midpoint of interval `index` of the 2^(level−1) equal ones is at `level ≥ 1`. A finer tolerance adds levels
 * and changes none.
 *
 * Source: Li, Wong, Chen, Duvenaud, "Scalable gradients for stochastic differential equations", AISTATS 2020,
 * where the path is cut off at the tolerance instead of bridged.
 */
export function brownianTree({ key, tMin, tMax, size, tolerance }: BrownianOptions): BrownianTree {
  const grid = dyadicGrid(tMin, tMax, tolerance ?? (tMax - tMin) / 2 ** 20);
  const bottom = grid.depth + 1;
  return Object.freeze({
    value(out, t, at = {}) {
      const tree = { key, size, grid, at };
      const places = grid.places(t, out.length / size);
      out.set(finish(tree, descend(tree, root(tree, places.cell.length), places.cell, 1, bottom), places));
    },
    increment(from, to, rows, at = {}) {
      const tree = { key, size, grid, at };
      const [start, end] = [grid.places(from, rows), grid.places(to, rows)];
      const fork = bottom - levelsApart(start.cell, end.cell);
      const shared = descend(tree, root(tree, rows), start.cell, 1, fork);
      const valueAt = (place: Places) => finish(tree, descend(tree, shared, place.cell, fork, bottom), place);
      const [before, after] = [valueAt(start), valueAt(end)];
      const difference = new Float32Array(rows * size);
      for (let i = 0; i < difference.length; i++) difference[i] = after[i]! - before[i]!;
      return difference;
    },
  } satisfies BrownianTree);
}

interface Tree {
  readonly key: Key;
  readonly size: number;
  readonly grid: DyadicGrid;
  readonly at: Rows;
}

/** The values at the ends of the dyadic interval that each row has reached (`[n, size]`). */
interface Ends {
  readonly left: Float64Array;
  readonly right: Float64Array;
}

/** The normals of one node for each row. */
function draw({ key, size, at }: Tree, level: number, index: Uint32Array): Float32Array {
  const normals = new Float32Array(index.length * size);
  fillNormals(normals, key, laws.brownian, { ...at, size, step: level * 2 ** 32, steps: index });
  return normals;
}

function root(tree: Tree, rows: number): Ends {
  const right = Float64Array.from(draw(tree, 0, new Uint32Array(rows)));
  const deviation = Math.sqrt(tree.grid.span);
  for (let i = 0; i < right.length; i++) right[i]! *= deviation;
  return { left: new Float64Array(right.length), right };
}

/** Draws the midpoints of levels `from` to `to − 1`, down to the cells. */
function descend(tree: Tree, ends: Ends, cell: Uint32Array, from: number, to: number): Ends {
  const [left, right] = [ends.left.slice(), ends.right.slice()];
  const { depth, span } = tree.grid;
  const index = new Uint32Array(cell.length);
  for (let level = from; level < to; level++) {
    for (let row = 0; row < cell.length; row++) index[row] = (cell[row]! >>> (depth - level)) >>> 1;
    const normals = draw(tree, level, index);
    const deviation = Math.sqrt(span / 2 ** (level - 1)) / 2;
    for (let row = 0, i = 0; row < cell.length; row++) {
      const nearer = (cell[row]! >>> (depth - level)) & 1 ? left : right;
      for (const end = i + tree.size; i < end; i++) {
        nearer[i] = (left[i]! + right[i]!) / 2 + deviation * normals[i]!;
      }
    }
  }
  return { left, right };
}

/** The bridge between the ends of the cells, at the times themselves. */
function finish(tree: Tree, { left, right }: Ends, { cell, part }: Places): Float64Array {
  const normals = draw(tree, tree.grid.depth + 1, cell);
  const width = tree.grid.span / 2 ** tree.grid.depth;
  const value = new Float64Array(left.length);
  for (let row = 0, i = 0; row < cell.length; row++) {
    const p = part[row]!;
    const deviation = Math.sqrt(width * p * (1 - p));
    for (const end = i + tree.size; i < end; i++) {
      value[i] = left[i]! + (right[i]! - left[i]!) * p + deviation * normals[i]!;
    }
  }
  return value;
}
