import {
  add,
  concat,
  div,
  fromHost,
  matmul,
  maximum,
  mul,
  reshape,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from '../../tensor/index.ts';

/** Noise C^½z of a covariance C, and the terms that move its mean along g. */
export interface Noise {
  /** C^½z, [B, D]. */
  readonly noise: Tensor;
  /** C·g, [B, D]. */
  readonly pull: Tensor;
  /** gᵀ·C·g, [B]. */
  readonly square: Tensor;
}

/** C = std²·I. */
export const isotropicNoise = (std: number, z: Tensor, g: Tensor): Noise => ({
  noise: mul(z, std),
  pull: mul(g, std * std),
  square: mul(sum(square(g), [1]), std * std),
});

/**
 * C = v·I + weight·V by its Cholesky factor U, C = UᵀU, row by row. No pivot is below v; for a true
 * covariance V this changes nothing. V: [B, D, D].
 */
export function colouredNoise(V: Tensor, weight: number, v: number, z: Tensor, g: Tensor): Noise {
  const [batch, size] = [z.shape[0]!, z.shape[1]!];
  const identity = new Float32Array(size * size);
  for (let i = 0; i < size; i++) identity[i * (size + 1)] = v;
  let rest = add(mul(V, weight), fromHost(identity, [1, size, size]));
  const rows: Tensor[] = [];
  for (let k = 0; k < size; k++) {
    const left = size - k;
    const row = slice(rest, [0, 0, 0], [batch, 1, left]);
    const unit = div(row, sqrt(maximum(slice(row, [0, 0, 0], [batch, 1, 1]), v)));
    rows.push(k === 0 ? unit : concat([fromHost(new Float32Array(batch * k), [batch, 1, k]), unit], 2));
    if (left === 1) break;
    const tail = slice(unit, [0, 0, 1], [batch, 1, left - 1]);
    rest = sub(slice(rest, [0, 1, 1], [batch, left - 1, left - 1]), matmul(tail, tail, true));
  }
  const U = rows.length === 1 ? rows[0]! : concat(rows, 1);
  const column = (x: Tensor) => reshape(x, [batch, size, 1]);
  const along = matmul(U, column(g));
  const flat = (x: Tensor) => reshape(x, [batch, size]);
  return {
    noise: flat(matmul(U, column(z), true)),
    pull: flat(matmul(U, along, true)),
    square: reshape(sum(square(along), [1]), [batch]),
  };
}
