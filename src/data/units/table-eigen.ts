import { type Eigen, symmetricEigen } from '../../math/eigenvectors.ts';
import type { Conditional } from './gaussian.ts';

/** Patterns of states whose eigenvectors stay in memory. */
const MOST_PATTERNS = 512;

/**
 * Eigenvalues and eigenvectors of the conditional covariance LLᵀ, `[D, D]`, for each pattern of states. Where
 * a coordinate is not generated, the eigenvalue is 1 and the eigenvector a unit vector.
 */
export function conditionalEigen(
  size: number,
  conditionalOf: (states: Uint8Array) => Conditional,
): (states: Uint8Array) => Eigen {
  const eigens = new Map<string, Eigen>();
  return states => {
    const pattern = states.join('');
    const former = eigens.get(pattern);
    if (former) return former;
    if (eigens.size >= MOST_PATTERNS) eigens.clear();
    const eigen = symmetricEigen(covarianceOf(conditionalOf(states), size), size);
    eigens.set(pattern, eigen);
    return eigen;
  };
}

function covarianceOf({ generated, factor }: Conditional, size: number): Float64Array {
  const count = generated.length;
  const covariance = new Float64Array(size * size);
  for (let d = 0; d < size; d++) covariance[d * size + d] = 1;
  for (let i = 0; i < count; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k <= j; k++) sum += factor[i * count + k]! * factor[j * count + k]!;
      covariance[generated[i]! * size + generated[j]!] = sum;
      covariance[generated[j]! * size + generated[i]!] = sum;
    }
  return covariance;
}
