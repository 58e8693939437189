import { failure } from '../errors.ts';

/**
 * The eigenvalues of a symmetric matrix `[n, n]`, in any order, to rounding of the largest: Householder
 * reflections to tridiagonal form, then implicit QL steps (Golub and Van Loan, §8.3). About 2n³ operations;
 * no vectors.
 */
export function symmetricEigenvalues(matrix: ArrayLike<number>, n: number): Float64Array {
  const copy = Float64Array.from(matrix);
  const scale = copy.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const { diagonal, below } = tridiagonal(
    copy.map(value => value / scale),
    n,
  );
  for (let first = 0; first < n; first++) settle(diagonal, below, first);
  return diagonal.map(value => value * scale);
}

/**
 * Relative to a largest entry of 1, an entry below this is lost in rounding whatever its neighbours are.
 * Rotations by denormal numbers would have no effect.
 */
const NOTHING = Number.EPSILON ** 2;

/** QᵀAQ = T with Q a product of reflections I − 2vvᵀ; row k of `a` is no longer needed after step k. */
function tridiagonal(a: Float64Array, n: number) {
  const diagonal = new Float64Array(n);
  const below = new Float64Array(n);
  const [v, w] = [new Float64Array(n), new Float64Array(n)];
  for (let k = 0; k < n; k++) {
    diagonal[k] = a[k * n + k]!;
    if (k === n - 1) break;
    below[k] = reflection(a.subarray(k * n, (k + 1) * n), v, k + 1);
    reflect(a, v, w, k + 1, n);
  }
  return { diagonal, below };
}

/** v of unit length with (I − 2vvᵀ)x = (α, 0, …)ᵀ for x = row[first…]; returns α. */
function reflection(row: Float64Array, v: Float64Array, first: number): number {
  const scale = row.subarray(first).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  v.fill(0);
  if (scale === 0) return 0;
  let square = 0;
  for (let i = first; i < row.length; i++) {
    v[i] = row[i]! / scale;
    square += v[i]! * v[i]!;
  }
  const length = Math.sqrt(square);
  const alpha = v[first]! > 0 ? -length : length;
  square += alpha * alpha - 2 * alpha * v[first]!;
  v[first]! -= alpha;
  for (let i = first; i < row.length; i++) v[i]! /= Math.sqrt(square);
  return alpha * scale;
}

/** A ← (I − 2vvᵀ)A(I − 2vvᵀ) on the trailing block: A − 2vwᵀ − 2wvᵀ with w = Av − (vᵀAv)v. */
function reflect(a: Float64Array, v: Float64Array, w: Float64Array, first: number, n: number): void {
  let vAv = 0;
  for (let i = first; i < n; i++) {
    let sum = 0;
    for (let j = first, at = i * n + first; j < n; j++, at++) sum += a[at]! * v[j]!;
    w[i] = sum;
    vAv += v[i]! * sum;
  }
  for (let i = first; i < n; i++) w[i]! -= vAv * v[i]!;
  for (let i = first; i < n; i++) {
    const [vi, wi] = [2 * v[i]!, 2 * w[i]!];
    for (let j = first, at = i * n + first; j < n; j++, at++) a[at]! -= vi * w[j]! + wi * v[j]!;
  }
}

const MAX_STEPS = 60;

/** QL steps with Wilkinson's shift until the entry below the diagonal at `first` is lost in rounding. */
function settle(diagonal: Float64Array, below: Float64Array, first: number): void {
  for (let step = 0; ; step++) {
    const last = blockEnd(diagonal, below, first);
    if (last === first) return;
    if (step === MAX_STEPS) throw failure('eigenvalues do not converge', { where: 'symmetricEigenvalues' });
    const [d, e] = [diagonal[first]!, below[first]!];
    const half = (diagonal[first + 1]! - d) / (2 * e);
    const shift = d - e / (half + (half < 0 ? -1 : 1) * Math.hypot(half, 1));
    sweep(diagonal, below, first, last, shift);
  }
}

function blockEnd(diagonal: Float64Array, below: Float64Array, first: number): number {
  let last = first;
  while (last < diagonal.length - 1) {
    const size = Math.abs(diagonal[last]!) + Math.abs(diagonal[last + 1]!);
    if (Math.abs(below[last]!) <= Math.max(Number.EPSILON * size, NOTHING)) break;
    last++;
  }
  return last;
}

/**
 * One implicit step: rotations from the end of the block to its beginning move the bulge that the shift
 * makes.
 */
function sweep(
  diagonal: Float64Array,
  below: Float64Array,
  first: number,
  last: number,
  shift: number,
): void {
  let [sine, cosine, carried] = [1, 1, 0];
  let rest = diagonal[last]! - shift;
  for (let i = last - 1; i >= first; i--) {
    const [f, b] = [sine * below[i]!, cosine * below[i]!];
    const r = Math.hypot(f, rest);
    below[i + 1] = r;
    if (r === 0) {
      diagonal[i + 1]! -= carried;
      below[last] = 0;
      return;
    }
    [sine, cosine] = [f / r, rest / r];
    const rise = diagonal[i + 1]! - carried;
    const turned = (diagonal[i]! - rise) * sine + 2 * cosine * b;
    carried = sine * turned;
    diagonal[i + 1] = rise + carried;
    rest = cosine * turned - b;
  }
  diagonal[first]! -= carried;
  below[first] = rest;
  below[last] = 0;
}
