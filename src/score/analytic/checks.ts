import { usage } from '../../errors.ts';
import { type PlainTensor, type Shape, sizeOf } from '../../tensor/index.ts';

export const plainTensor = (data: ArrayLike<number>, shape: Shape): PlainTensor => ({
  data: Float32Array.from(data),
  shape,
});

export function requireLength(where: string, what: string, values: ArrayLike<number>, length: number): void {
  if (values.length === length) return;
  throw usage(`${what} has the wrong length`, { where, got: values.length, expected: `${length}` });
}

export function requireFinite(
  where: string,
  what: string,
  values: ArrayLike<number>,
  least = -Infinity,
): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isFinite(value) && value >= least) continue;
    throw usage(`${what}[${i}] is not a valid number`, {
      where,
      got: value,
      expected: least === -Infinity ? 'a finite number' : `a finite number, at least ${least}`,
    });
  }
}

/** The shape of one sample: the caller's, if it holds `size` values, or a flat row. */
export function shapeOf(where: string, size: number, shape: Shape = [size]): Shape {
  if (sizeOf(shape) === size && size > 0) return shape;
  throw usage('the shape does not hold these values', {
    where,
    got: shape.join('×'),
    expected: `${size} values`,
  });
}
