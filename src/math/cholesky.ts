/**
 * The lower triangular L, `[n, n]`, with LLᵀ = A. Pivots that rounding brings to 0 are held just above it.
 */
export function cholesky(n: number, a: (i: number, j: number) => number): Float64Array {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a(i, j);
      for (let k = 0; k < j; k++) sum -= factor[i * n + k]! * factor[j * n + k]!;
      factor[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-14 * a(i, i))) : sum / factor[j * n + j]!;
    }
  return factor;
}

/**
 * Whether a symmetric matrix is positive definite, up to rounding: a pivot that had to be held above 0 makes
 * a row of L longer than its diagonal entry.
 */
export function isPositiveDefinite(n: number, a: (i: number, j: number) => number): boolean {
  const factor = cholesky(n, a);
  for (let i = 0; i < n; i++) {
    const square = factor.subarray(i * n, (i + 1) * n).reduce((sum, value) => sum + value * value, 0);
    if (!(square <= a(i, i) * (1 + 1e-9))) return false;
  }
  return true;
}
