/** A symmetric matrix [n, n] by its eigenvalues and eigenvectors. */
export interface Eigen {
  /** Eigenvalues, [n]. */
  readonly values: Float64Array;
  /** Eigenvectors as columns, row-major [n, n]. */
  readonly vectors: Float64Array;
}

/** Eigenvalues and eigenvectors of a symmetric matrix [n, n] by cyclic Jacobi rotations, to rounding. */
export function symmetricEigen(matrix: ArrayLike<number>, n: number): Eigen {
  const a = Float64Array.from(matrix);
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  for (let sweep = 0; sweep < 60 && offDiagonal(a, n) > 1e-30 * norm(a); sweep++) {
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) annihilate(a, vectors, n, p, q);
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!), vectors };
}

const norm = (a: Float64Array) => a.reduce((total, value) => total + value * value, Number.MIN_VALUE);

function offDiagonal(a: Float64Array, n: number): number {
  return a.reduce((total, value, i) => (i % (n + 1) === 0 ? total : total + value * value), 0);
}

/** A ← JᵀAJ and V ← VJ with the rotation J in the plane (p, q) that makes A_pq zero. */
function annihilate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const pivot = a[p * n + q]!;
  if (pivot === 0) return;
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * pivot);
  const tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  const rotate = (m: Float64Array, i: number, j: number) => {
    const [u, v] = [m[i]!, m[j]!];
    m[i] = cosine * u - sine * v;
    m[j] = sine * u + cosine * v;
  };
  for (let k = 0; k < n; k++) rotate(a, k * n + p, k * n + q);
  for (let k = 0; k < n; k++) rotate(a, p * n + k, q * n + k);
  for (let k = 0; k < n; k++) rotate(vectors, k * n + p, k * n + q);
}
