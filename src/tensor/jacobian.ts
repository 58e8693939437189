import { linearise } from './linearise.ts';
import { add, mul } from './ops/arithmetic.ts';
import { sum, sumPerSample } from './ops/reduce.ts';
import { fromHost, reshape, slice, tile, transpose } from './ops/shape.ts';
import { sizeOf, type Tensor } from './types.ts';

/** The value v(x) [B, ...D] of a field and the trace of its Jacobian, or an estimate of it, [B]. */
export interface ValueAndTrace {
  /** v(x), [B, ...D]. */
  readonly value: Tensor;
  /** tr ∂v/∂x of each sample, [B]. */
  readonly trace: Tensor;
}

/** Dimensions whose products go backward one by one, from one evaluation of the field. */
const MOST_APART = 16;
/** In more dimensions, how many products go backward one by one: each is a part of the graph. */
const APART = 4;

/**
 * tr ∂v/∂x = Σⱼ ∂vⱼ/∂xⱼ, from D products with the Jacobian. Differentiable. x: [B, ...D]. Up to 16
 * dimensions the field is evaluated once. Beyond them it is evaluated on D/4 copies of x: sample i is at
 * i, i + B, i + 2B, …, `repeats` times.
 */
export function jacobianTrace(field: (y: Tensor, repeats: number) => Tensor, x: Tensor): ValueAndTrace {
  const [rows, ...each] = x.shape as [number, ...number[]];
  const size = sizeOf(each);
  const repeats = size <= MOST_APART ? 1 : Math.ceil(size / APART);
  return linearise(
    y => field(y, repeats),
    repeats === 1 ? x : tile(x, repeats),
    (values, pull) => {
      const start = x.shape.map(() => 0);
      const value = repeats === 1 ? values : slice(values, start, x.shape);
      const terms = Array.from({ length: Math.ceil(size / repeats) }, (_, k) => {
        const axes = reshape(axesFrom(k * repeats, repeats, rows, size), [repeats * rows, ...each]);
        return sum(reshape(sumPerSample(mul(pull(axes), axes)), [repeats, rows]), [0]);
      });
      return { value, trace: terms.reduce(add) };
    },
  );
}

/** The mean over directions u of uᵀ(∂v/∂x)u: the trace in expectation if E uuᵀ = I (Hutchinson 1990). */
export function projectedTrace(
  field: (y: Tensor) => Tensor,
  x: Tensor,
  directions: readonly Tensor[],
): ValueAndTrace {
  return linearise(field, x, (value, pull) => {
    const traces = directions.map(direction => sumPerSample(mul(pull(direction), direction)));
    return { value, trace: mul(traces.reduce(add), 1 / directions.length) };
  });
}

/** Times of samples, repeated in the same way as in `jacobianTrace`. */
export const repeatTimes = (t: Float64Array, repeats: number): Float64Array => {
  const out = new Float64Array(t.length * repeats);
  for (let i = 0; i < repeats; i++) out.set(t, i * t.length);
  return out;
};

/** Unit vectors [repeats·B, D]: rows j·B … (j+1)·B hold that of axis `first` + j, or 0 beyond the last. */
function axesFrom(first: number, repeats: number, rows: number, size: number): Tensor {
  const axes = new Float32Array(repeats * size);
  for (let j = 0; j < repeats && first + j < size; j++) axes[j * size + first + j] = 1;
  const each = tile(fromHost(axes, [repeats, size]), rows);
  return repeats === 1 ? each : transpose(reshape(each, [rows, repeats, size]), [1, 0, 2]);
}
