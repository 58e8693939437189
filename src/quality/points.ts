import { failure, usage } from '../errors.ts';
import { type HostTensor, sizeOf } from '../tensor/types.ts';

/** A set of n points in D dimensions, one in each row, in float64. */
export interface Points {
  readonly x: Float64Array;
  readonly count: number;
  readonly size: number;
}

/**
 * A tensor `[n, ...D]` as points in float64.
 * @throws usage if there are no rows or columns, or the data do not fill the shape; failure for values that
 * are not finite
 */
export function points({ data, shape }: HostTensor, where: string): Points {
  const [count = 0, ...rest] = shape;
  const size = sizeOf(rest);
  if (!(count > 0 && size > 0) || data.length !== count * size)
    throw usage('not a set of points', {
      where,
      got: `${data.length} values of shape [${shape.join(', ')}]`,
      expected: 'rows, `[n, ...D]` with n and D at least 1',
    });
  const fault = data.findIndex(value => !Number.isFinite(value));
  if (fault >= 0)
    throw failure('a value that is not finite', {
      where: `${where}, row ${Math.floor(fault / size)}`,
      got: data[fault],
    });
  return { x: Float64Array.from(data), count, size };
}

/**
 * Two sets whose points have the same size.
 * @throws usage if their points differ in size
 */
export function pair(a: HostTensor, b: HostTensor, where: string): [Points, Points] {
  const [p, q] = [points(a, `${where}, first set`), points(b, `${where}, second set`)];
  if (p.size !== q.size)
    throw usage('the two sets have points of different size', {
      where,
      got: `[${a.shape.slice(1).join(', ')}] and [${b.shape.slice(1).join(', ')}]`,
    });
  return [p, q];
}

/** ‖pᵢ − qⱼ‖², summed from differences: expanding the square would lose small distances to rounding. */
export function squaredDistance(p: Points, i: number, q: Points, j: number): number {
  const [from, to] = [i * p.size, j * q.size];
  let sum = 0;
  for (let d = 0; d < p.size; d++) {
    const difference = p.x[from + d]! - q.x[to + d]!;
    sum += difference * difference;
  }
  return sum;
}
