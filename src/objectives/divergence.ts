import {
  add,
  jacobianTrace,
  mul,
  projectedTrace,
  repeatTimes,
  square,
  sumPerSample,
  type Tensor,
} from '../tensor/index.ts';

type Field = (x: Tensor, t: Float64Array) => Tensor;

/** ‖v‖² of a field and its divergence ∇·v, or estimates of both, [B], differentiable in the weights. */
export interface SquareAndTrace {
  readonly square: Tensor;
  readonly trace: Tensor;
}

/** Measures a field at x. */
export type Divergence = (
  field: Field,
  x: Tensor,
  t: Float64Array,
  directions: (k: number) => Tensor,
) => SquareAndTrace;

/** Both exactly: the divergence costs D products with the Jacobian. */
export const exactDivergence: Divergence = (field, x, t) => {
  const { value, trace } = jacobianTrace((y, repeats) => field(y, repeatTimes(t, repeats)), x);
  return { square: sumPerSample(square(value)), trace };
};

/**
 * The divergence along `probes` directions of signs. ‖v‖² is exact where `reduced`, else Σ(uᵀv)²/probes, its
 * estimate along the same directions.
 */
export const slicedDivergence =
  (probes: number, reduced: boolean): Divergence =>
  (field, x, t, directions) => {
    const along = Array.from({ length: probes }, (_, k) => directions(k));
    const { value, trace } = projectedTrace(y => field(y, t), x, along);
    if (reduced) return { square: sumPerSample(square(value)), trace };
    const squares = along.map(direction => square(sumPerSample(mul(value, direction))));
    return { square: mul(squares.reduce(add), 1 / probes), trace };
  };
