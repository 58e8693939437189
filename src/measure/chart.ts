import type { HalfSpace } from '../math/half-space.ts';
import {
  add,
  concat,
  fromHost,
  matmul,
  maximum,
  mul,
  reshape,
  type Shape,
  sizeOf,
  slice,
  sub,
  type Tensor,
} from '../tensor/index.ts';

/** The rising map between the values x of a cell and its coordinate u. */
export interface Curve {
  /** u of x. */
  forward(x: number): number;
  /** x of u. */
  inverse(u: number): number;
  /** log du/dx at x. */
  logSlope(x: number): number;
}

/** A cell of a row in data units. */
export interface Cell {
  /** Its first coordinate, from 0. */
  readonly first: number;
  /** Its map; without one, x = u. */
  readonly curve?: Curve;
  /** For a cell of words: the points of a word, those with normal·u ≥ least for each of these. */
  readonly region?: (word: number) => readonly HalfSpace[];
}

/**
 * The map from model units z [...D] to data units x: u = shift + scale·z, one coordinate at a time, and each
 * cell by its curve. Without `cells`, the cells are the coordinates.
 */
export interface Chart {
  /** The shape of one sample of the model, [...D]. */
  readonly shape: Shape;
  /** [D] */
  readonly shift: Float64Array;
  /** [D], not 0 */
  readonly scale: Float64Array;
  /** The cells of a row, [C]. */
  readonly cells?: readonly Cell[];
}

/** The chart of a model whose questions are in its own units. */
export const ownUnits = (shape: Shape): Chart => ({
  shape,
  shift: new Float64Array(sizeOf(shape)),
  scale: new Float64Array(sizeOf(shape)).fill(1),
});

/** The cells of a row. */
export const cellsOf = ({ cells, shape }: Chart): readonly Cell[] =>
  cells ?? Array.from({ length: sizeOf(shape) }, (_, first) => ({ first }));

/** x of z as tensor operations: [B, ...D] → [B, ...D], or [B, C] of a chart with cells. */
export function inData(chart: Chart): (z: Tensor) => Tensor {
  const { shape, shift, scale, cells } = chart;
  const own = shift.every(value => value === 0) && scale.every(value => value === 1);
  const straight = (z: Tensor) =>
    own ? z : add(mul(z, fromHost(scale, [1, ...shape])), fromHost(shift, [1, ...shape]));
  if (!cells) return straight;
  const bends = cells.map(({ first, curve }) => curve && bendOf(curve, shift[first]!, scale[first]!));
  return z => {
    const rows = z.shape[0]!;
    const u = reshape(straight(z), [rows, sizeOf(shape)]);
    const columns = cells.map(({ first }, c) => {
      const column = slice(u, [0, first], [rows, 1]);
      return bends[c]?.(column) ?? column;
    });
    return columns.length === 1 ? columns[0]! : concat(columns, 1);
  };
}

/** The number of knots of a curve that tensors use, and how many standard deviations they reach. */
const [KNOTS, REACH] = [65, 5];

/** A curve as a polygon through its values at knots, for tensors [B, 1]. */
function bendOf({ inverse }: Curve, shift: number, scale: number): (u: Tensor) => Tensor {
  const knots = Float64Array.from(
    { length: KNOTS },
    (_, j) => shift + scale * REACH * ((2 * j) / (KNOTS - 1) - 1),
  );
  const values = knots.map(inverse);
  const slopes = knots.map((knot, j) =>
    j === KNOTS - 1 ? 0 : (values[j + 1]! - values[j]!) / (knots[j + 1]! - knot),
  );
  const turns = slopes.map((slope, j) => (j === 0 || j === KNOTS - 1 ? 0 : slope - slopes[j - 1]!));
  return u => {
    const bends = matmul(maximum(sub(u, fromHost(knots, [1, KNOTS])), 0), fromHost(turns, [KNOTS, 1]));
    return add(add(mul(sub(u, knots[0]!), slopes[0]!), values[0]!), bends);
  };
}

/** A half-space of points u = shift + scale·z as a bound of z: row·z ≥ low. */
export function boundOf(
  { normal, least }: HalfSpace,
  shift: Float64Array,
  scale: Float64Array,
): { readonly row: Float64Array; readonly low: number } {
  const row = new Float64Array(normal.length);
  let low = least;
  for (let k = 0; k < normal.length; k++) {
    row[k] = normal[k]! * scale[k]!;
    low -= normal[k]! * shift[k]!;
  }
  return { row, low };
}
