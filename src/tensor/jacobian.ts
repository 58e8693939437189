import { vjp } from './autodiff.ts';
import { add, mul } from './ops/arithmetic.ts';
import { sum, sumPerSample } from './ops/reduce.ts';
import { fromHost, reshape, slice, tile } from './ops/shape.ts';
import { sizeOf, type Tensor } from './types.ts';

/** The value v(x) [B, ...D] of a field and the trace of its Jacobian, or an estimate of it, [B]. */
export interface ValueAndTrace {
  /** v(x), [B, ...D]. */
  readonly value: Tensor;
  /** tr ∂v/∂x of each sample, [B]. */
  readonly trace: Tensor;
}

/**
 * tr ∂v/∂x = Σⱼ ∂vⱼ/∂xⱼ, from D products with the Jacobian in one batch of D·B rows. Differentiable. x: [B,
 * ...D]. The field is evaluated once for all rows: sample i is at i, i + B, i + 2B, …, `repeats` times.
 */
export function jacobianTrace(field: (y: Tensor, repeats: number) => Tensor, x: Tensor): ValueAndTrace {
  const [rows, ...each] = x.shape as [number, ...number[]];
  const size = sizeOf(each);
  const basis = fromHost(basisVectors(rows, size), [rows * size, ...each]);
  const { value, product } = vjp(y => field(y, size), tile(x, size), basis);
  return {
    value: slice(value, new Array<number>(x.shape.length).fill(0), x.shape),
    trace: sum(reshape(sumPerSample(mul(product, basis)), [size, rows]), [0]),
  };
}

/** The mean over directions u of uᵀ(∂v/∂x)u: the trace in expectation if E uuᵀ = I (Hutchinson 1990). */
export function projectedTrace(
  field: (y: Tensor) => Tensor,
  x: Tensor,
  directions: readonly Tensor[],
): ValueAndTrace {
  const each = directions.map(direction => {
    const { value, product } = vjp(field, x, direction);
    return { value, trace: sumPerSample(mul(product, direction)) };
  });
  const total = each.map(({ trace }) => trace).reduce(add);
  return { value: each[0]!.value, trace: mul(total, 1 / directions.length) };
}

/** Times of samples, repeated in the same way as in `jacobianTrace`. */
export const repeatTimes = (t: Float64Array, repeats: number): Float64Array => {
  const out = new Float64Array(t.length * repeats);
  for (let i = 0; i < repeats; i++) out.set(t, i * t.length);
  return out;
};

/** Rows j·B … (j+1)·B hold the unit vector of axis j. */
function basisVectors(rows: number, size: number): Float32Array {
  const out = new Float32Array(rows * size * size);
  for (let j = 0; j < size; j++) for (let i = 0; i < rows; i++) out[(j * rows + i) * size + j] = 1;
  return out;
}
