import { add, fromHost, mul, type Shape, sizeOf, type Tensor } from '../tensor/index.ts';

/**
 * The map from model units z to data units x, as measurements need it: x = shift + scale·z, one coordinate
 * at a time, row-major.
 */
export interface Chart {
  /** The shape of one sample, [...D]. */
  readonly shape: Shape;
  /** [D] */
  readonly shift: Float64Array;
  /** [D], not 0 */
  readonly scale: Float64Array;
}

/** The chart of a model that is asked in its own units. */
export const ownUnits = (shape: Shape): Chart => ({
  shape,
  shift: new Float64Array(sizeOf(shape)),
  scale: new Float64Array(sizeOf(shape)).fill(1),
});

/** x of z as tensor operations: [B, ...D] → [B, ...D]. */
export function inData({ shape, shift, scale }: Chart): (z: Tensor) => Tensor {
  if (shift.every(value => value === 0) && scale.every(value => value === 1)) return z => z;
  return z => add(mul(z, fromHost(scale, [1, ...shape])), fromHost(shift, [1, ...shape]));
}

/** A·x as A'·z + b: rows A [m, D] in data units. */
export function inModel(
  { shift, scale }: Chart,
  matrix: Float64Array,
): { readonly matrix: Float64Array; readonly offset: Float64Array } {
  const size = shift.length;
  const offset = new Float64Array(matrix.length / size);
  const out = matrix.map((entry, i) => {
    const d = i % size;
    const row = Math.floor(i / size);
    if (entry !== 0) offset[row] = offset[row]! + entry * shift[d]!;
    return entry * scale[d]!;
  });
  return { matrix: out, offset };
}
