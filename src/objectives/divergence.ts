import {
  jacobianTrace,
  projectedTrace,
  repeatTimes,
  type Tensor,
  type ValueAndTrace,
} from '../tensor/index.ts';

type Field = (x: Tensor, t: Float64Array) => Tensor;

/** The value of a field [B, ...D] and its divergence [B], differentiable in the weights of the field. */
export type Divergence = (
  field: Field,
  x: Tensor,
  t: Float64Array,
  directions: (k: number) => Tensor,
) => ValueAndTrace;

/** The exact divergence, from D products with the Jacobian. */
export const exactDivergence: Divergence = (field, x, t) =>
  jacobianTrace((y, repeats) => field(y, repeatTimes(t, repeats)), x);

/** The divergence estimated along `probes` random directions of signs. */
export const slicedDivergence =
  (probes: number): Divergence =>
  (field, x, t, directions) =>
    projectedTrace(
      y => field(y, t),
      x,
      Array.from({ length: probes }, (_, k) => directions(k)),
    );
