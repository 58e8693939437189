import { cholesky } from '../../math/cholesky.ts';
import type { Base } from '../../score/base.ts';

/** One Gaussian of a mixture, N(mean, covariance), with the log of its weight. */
export interface Component {
  readonly logWeight: number;
  /** [D] */
  readonly mean: Float64Array;
  /** Row-major, [D, D]. */
  readonly covariance: Float64Array;
  /** L with LLᵀ = covariance, [D, D]. */
  readonly factor: Float64Array;
}

/** The components Uₖ diag(λₖ) Uₖᵀ of a base, with their means Uₖ·Uₖᵀmₖ. */
export function componentsOf({ vectors, values, mean, logWeights }: Base): Component[] {
  const size = vectors.shape[0]!;
  const wide = values.data.length;
  return Array.from({ length: wide / size }, (_, k) => {
    const U = (d: number, i: number) => vectors.data[d * wide + k * size + i]!;
    const center = new Float64Array(size);
    const covariance = new Float64Array(size * size);
    for (let i = 0; i < size; i++)
      for (let d = 0; d < size; d++) {
        center[d]! += U(d, i) * (mean?.data[k * size + i] ?? 0);
        for (let e = 0; e < size; e++)
          covariance[d * size + e]! += values.data[k * size + i]! * U(d, i) * U(e, i);
      }
    const factor = cholesky(size, (i, j) => covariance[i * size + j]!);
    return { logWeight: logWeights?.data[k] ?? 0, mean: center, covariance, factor };
  });
}
