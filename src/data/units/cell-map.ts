import type { HalfSpace } from '../../math/half-space.ts';
import type { Atom, Atoms } from './atoms.ts';
import { within } from './bounds.ts';
import { type CategoryCode, categoryCode } from './category-code.ts';
import { type Grid, type GridJson, makeGrid, wholeNumbers } from './grid.ts';
import { type Margin, type MarginJson, makeMargin } from './margin.ts';

/** The map of one cell in JSON. */
export type CellMapJson =
  | {
      /** A number. */
      readonly kind: 'number';
      /** The mixture whose distribution function maps it to a normal number. */
      readonly margin: MarginJson;
      /** The grid of its values, if they have one. */
      readonly grid?: GridJson;
      /** The least value of samples; default −∞. */
      readonly low?: number | undefined;
      /** The greatest value of samples; default ∞. */
      readonly high?: number | undefined;
      /** Ends that many rows share. */
      readonly atoms?: Atoms | undefined;
    }
  | {
      /** One of K categories. */
      readonly kind: 'category';
      /** Their frequencies, `[K]`, with sum 1. */
      readonly probabilities: readonly number[];
    };

/**
 * The map between one cell of a row and its coordinates. A cell first becomes a *point*: a number on a grid
 * is spread over its step, an atom over its length, and a category becomes a point of its code. A point then
 * becomes coordinates of about unit scale. A missing cell is NaN.
 */
export interface CellMap {
  /** What the cell holds. */
  readonly kind: CellMapJson['kind'];
  /** Number of coordinates. */
  readonly width: number;
  /** Whether points are drawn: all cells but those of continuous numbers without atoms. */
  readonly draws: boolean;
  /** Writes the point of a cell; `u` has one U[0, 1) for each coordinate. */
  spread(cell: number, u: ArrayLike<number>, out: Float64Array): void;
  /** The cell of a point, within the bounds of the column. */
  settle(point: Float64Array): number;
  /** Coordinate of a point, one by one. */
  forward(point: number): number;
  /** The inverse of `forward`. */
  inverse(coordinate: number): number;
  /** log of the slope of `forward`. */
  logSlope(point: number): number;
  /**
   * What turns the log-density of a point into a lower bound of that of its cell: log(length/unit) for an
   * atom, 0 for another number; log P(k | v) − log q(v | k) for a point v of category k.
   */
  logCell(cell: number, point: Float64Array): number;
  /** Of numbers: the points that belong to a value that is an end which many rows share. */
  atom?(cell: number): Atom | undefined;
  /** Whether a number has bounds. */
  readonly bounded: boolean;
  /** The margin of a number. */
  readonly margin?: Margin;
  /** The grid of a number with steps. */
  readonly grid?: Grid | undefined;
  /** Of categories: the points that belong to one, as half-spaces. */
  region?(cell: number): readonly HalfSpace[];
  /** Log of the step width of a number on a grid; else 0. */
  readonly logStep: number;
  /** Plain numbers, from which `cellMap` makes it again. */
  toJSON(): CellMapJson;
}

/** The map with these numbers. */
export const cellMap = (json: CellMapJson): CellMap =>
  json.kind === 'category' ? categoryMap(categoryCode(json.probabilities), json) : numberMap(json);

function numberMap(json: Extract<CellMapJson, { kind: 'number' }>): CellMap {
  const { low, high, atoms } = json;
  const margin = makeMargin(json.margin);
  const grid = json.grid && gridOf(json.grid);
  const bound = within(json, grid !== undefined, atoms);
  const width = grid?.width ?? 0;
  /** Where the points of a value begin, and over which length they are spread. */
  const startOf = (cell: number) => (cell === low ? low - (atoms?.low ?? 0) : cell);
  const lengthOf = (cell: number) =>
    width + (cell === low ? (atoms?.low ?? 0) : cell === high ? (atoms?.high ?? 0) : 0);
  const isAtom = (cell: number) => atoms !== undefined && lengthOf(cell) > width;
  const draws = grid !== undefined || atoms !== undefined;
  return Object.freeze({
    kind: 'number' as const,
    width: 1,
    margin,
    grid,
    draws,
    spread(cell: number, u: ArrayLike<number>, out: Float64Array) {
      const length = lengthOf(cell);
      out[0] = length > 0 ? startOf(cell) + u[0]! * length : cell;
    },
    settle: (points: Float64Array) => {
      const point = points[0]!;
      return Number.isNaN(point) ? point : bound(grid ? grid.below(point) : point);
    },
    bounded: low !== undefined || high !== undefined,
    forward: draws || margin.weights.length === 1 ? margin.forward : remembered(margin.forward),
    inverse: margin.inverse,
    logSlope: margin.logSlope,
    logCell: (cell: number) => (isAtom(cell) ? Math.log(lengthOf(cell) / (atoms?.unit ?? 1)) : 0),
    atom(cell: number): Atom | undefined {
      if (!atoms || !isAtom(cell)) return undefined;
      const { unit } = atoms;
      return cell === low
        ? { low: -Infinity, high: cell + width, unit }
        : { low: cell, high: Infinity, unit };
    },
    logStep: grid ? Math.log(grid.width) : 0,
    toJSON: () => json,
  });
}

/** Most values that a map remembers. */
const MOST_VALUES = 1 << 14;

/** The same function, which remembers its values: training visits each row hundreds of times. */
function remembered(map: (x: number) => number): (x: number) => number {
  const known = new Map<number, number>();
  return x => {
    const found = known.get(x);
    if (found !== undefined) return found;
    const value = map(x);
    if (known.size < MOST_VALUES) known.set(x, value);
    return value;
  };
}

function categoryMap(code: CategoryCode, json: CellMapJson): CellMap {
  return Object.freeze({
    kind: 'category' as const,
    width: code.width,
    draws: true,
    bounded: false,
    spread(cell: number, u: ArrayLike<number>, out: Float64Array) {
      if (Number.isNaN(cell)) out.fill(Number.NaN);
      else code.draw(cell, u, out);
    },
    region: code.region,
    settle: (point: Float64Array) => (Number.isNaN(point[0]) ? Number.NaN : code.nearest(point)),
    forward: (point: number) => point,
    inverse: (coordinate: number) => coordinate,
    logSlope: () => 0,
    logCell: (cell: number, point: Float64Array) =>
      code.logPosterior(cell, point) - code.logDensity(cell, point),
    logStep: 0,
    toJSON: () => json,
  });
}

function gridOf(json: GridJson): Grid {
  const { step, decimals, offset, parts = 1 } = json;
  return step === 1 && decimals === 0 && offset === 0 && parts === 1 ? wholeNumbers : makeGrid(json);
}
