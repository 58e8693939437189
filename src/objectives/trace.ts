import {
  add,
  fromHost,
  mul,
  reshape,
  sizeOf,
  slice,
  sum,
  sumPerSample,
  type Tensor,
  tile,
  vjp,
} from '../tensor/index.ts';

type Field = (x: Tensor, t: Float64Array) => Tensor;

/** The value of a field [B, ...D] and its divergence [B], differentiable in the weights of the field. */
export type Trace = (
  field: Field,
  x: Tensor,
  t: Float64Array,
  directions: (k: number) => Tensor,
) => { value: Tensor; divergence: Tensor };

/** Σⱼ ∂vⱼ/∂xⱼ: D products with unit vectors, as one batch of D·B rows. */
export const exactTrace: Trace = (field, x, t) => {
  const [rows, ...each] = x.shape as [number, ...number[]];
  const size = sizeOf(each);
  const repeated = Float64Array.from({ length: rows * size }, (_, i) => t[i % rows]!);
  const basis = new Float32Array(rows * size * size);
  for (let j = 0; j < size; j++) for (let i = 0; i < rows; i++) basis[(j * rows + i) * size + j] = 1;
  const units = fromHost(basis, [rows * size, ...each]);
  const { value, product } = vjp(y => field(y, repeated), tile(x, size), units);
  return {
    value: slice(value, new Array<number>(x.shape.length).fill(0), x.shape),
    divergence: sum(reshape(sumPerSample(mul(product, units)), [size, rows]), [0]),
  };
};

/** The mean over `probes` directions v of signs of vᵀ(∂v/∂x)v. */
export const projectedTrace =
  (probes: number): Trace =>
  (field, x, t, directions) => {
    const all = Array.from({ length: probes }, (_, k) => {
      const direction = directions(k);
      const { value, product } = vjp(y => field(y, t), x, direction);
      return { value, along: sumPerSample(mul(product, direction)) };
    });
    const total = all.map(({ along }) => along).reduce(add);
    return { value: all[0]!.value, divergence: mul(total, 1 / probes) };
  };
