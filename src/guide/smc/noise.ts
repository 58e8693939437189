import {
  add,
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
 * C = v·I + weight·V by its Cholesky factor, column by column. No pivot is below v; for a true covariance V
 * this changes nothing. V: [B, D, D].
 */
export function colouredNoise(V: Tensor, weight: number, v: number, z: Tensor, g: Tensor): Noise {
  const [rows, size] = [z.shape[0]!, z.shape[1]!];
  const identity = new Float32Array(size * size);
  for (let i = 0; i < size; i++) identity[i * (size + 1)] = v;
  let left = add(mul(V, weight), fromHost(identity, [1, size, size]));
  const terms: Noise[] = [];
  for (let k = 0; k < size; k++) {
    const column = slice(left, [0, 0, k], [rows, size, 1]);
    const pivot = sqrt(maximum(slice(column, [0, k, 0], [rows, 1, 1]), v));
    const unit = div(column, pivot);
    const flat = reshape(unit, [rows, size]);
    const along = sum(mul(flat, g), [1], true);
    terms.push({
      noise: mul(flat, slice(z, [0, k], [rows, 1])),
      pull: mul(flat, along),
      square: reshape(square(along), [rows]),
    });
    if (k < size - 1) left = sub(left, matmul(unit, unit, false, true));
  }
  const total = (of: (term: Noise) => Tensor) => terms.map(of).reduce(add);
  return { noise: total(t => t.noise), pull: total(t => t.pull), square: total(t => t.square) };
}
