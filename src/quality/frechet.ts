import { usage } from '../errors.ts';
import { symmetricEigenvalues } from '../math/eigenvalues.ts';
import type { Statistics } from './statistics.ts';

/**
 * The squared Fréchet (2-Wasserstein) distance of two Gaussians with these moments (Dowson and Landau 1982);
 * FID if the features are those of Inception:
 *
 *     |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½).
 *
 * With Σ₁ = LLᵀ, the product Σ₁Σ₂ has the eigenvalues of the symmetric matrix LᵀΣ₂L, so the trace of its
 * square root is the sum of their square roots. This is real, and holds even if Σ₁ has no inverse (fewer
 * points than features). About 5D³ operations.
 * @throws usage if the two differ in size
 */
export function frechetDistance(a: Statistics, b: Statistics): number {
  const size = a.mean.length;
  if (b.mean.length !== size)
    throw usage('statistics of different size', {
      where: 'frechetDistance',
      got: `${size} and ${b.mean.length} features`,
    });
  const shift = a.mean.reduce((sum, value, d) => sum + (value - b.mean[d]!) ** 2, 0);
  const root = rootTrace(a.covariance, b.covariance, size);
  return shift + trace(a.covariance, size) + trace(b.covariance, size) - 2 * root;
}

function trace(matrix: Float64Array, size: number): number {
  let sum = 0;
  for (let d = 0; d < size; d++) sum += matrix[d * size + d]!;
  return sum;
}

/** tr (Σ₁Σ₂)^½ */
function rootTrace(first: Float64Array, second: Float64Array, size: number): number {
  const factor = choleskyTransposed(first, size);
  const rank = factor.length / size;
  // C = Lᵀ·Σ₂, then C·L; both factors are read along their rows.
  const half = timesTransposed(factor, second, rank, size, size);
  const congruent = timesTransposed(half, factor, rank, rank, size);
  return symmetricEigenvalues(congruent, rank).reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
}

/** X·Yᵀ for X `[rows, inner]` and Y `[columns, inner]`. A symmetric Y is its own transpose. */
function timesTransposed(
  x: Float64Array,
  y: Float64Array,
  rows: number,
  columns: number,
  inner: number,
): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0, p = i * inner, q = j * inner; k < inner; k++, p++, q++) sum += x[p]! * y[q]!;
      out[i * columns + j] = sum;
    }
  }
  return out;
}

/**
 * Lᵀ `[rank, n]` with Σ = LLᵀ for a positive semi-definite Σ: a Cholesky factor with pivoting. It takes the
 * largest remaining variance first and stops when only rounding errors remain.
 */
function choleskyTransposed(covariance: Float64Array, n: number): Float64Array {
  const rest = Float64Array.from({ length: n }, (_, d) => covariance[d * n + d]!);
  const floor = rest.reduce((most, value) => Math.max(most, value), 0) * n * Number.EPSILON;
  const rows: Float64Array[] = [];
  for (let k = 0; k < n; k++) {
    const pivot = rest.reduce((best, value, d) => (value > rest[best]! ? d : best), 0);
    if (!(rest[pivot]! > floor)) break;
    const row = covariance.slice(pivot * n, (pivot + 1) * n);
    for (const earlier of rows) {
      const weight = earlier[pivot]!;
      for (let d = 0; d < n; d++) row[d]! -= weight * earlier[d]!;
    }
    const length = Math.sqrt(rest[pivot]!);
    for (let d = 0; d < n; d++) {
      row[d]! /= length;
      rest[d]! -= row[d]! * row[d]!;
    }
    rest[pivot] = 0;
    rows.push(row);
  }
  const out = new Float64Array(rows.length * n);
  rows.forEach((row, k) => {
    out.set(row, k * n);
  });
  return out;
}
