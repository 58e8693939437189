import { cholesky } from '../../math/cholesky.ts';
import { HALF_LOG_TWO_PI } from '../../math/normal.ts';
import type { Component } from './law.ts';
import type { LinearQuestion } from './rows.ts';
import { logBetween, truncatedNormal } from './truncated.ts';

/** A component that was asked: H = [A; B], S = H·C·Hᵀ + diag(R, 0) = LLᵀ. */
export interface AskedComponent {
  /** log of its weight, plus log N(y; A·m, A·C·Aᵀ + R). */
  readonly logReadings: number;
  /** L⁻¹(y − A·m), [n]. */
  readonly whitened: Float64Array;
  /** m, [D]. */
  readonly mean: Float64Array;
  /** The factor of C, [D, D]. */
  readonly spread: Float64Array;
  /** L, [n + k, n + k]. */
  readonly factor: Float64Array;
  /** K = C·Hᵀ·L⁻ᵀ, [D, n + k]. */
  readonly gain: Float64Array;
  /** B·m, [k]. */
  readonly middle: Float64Array;
}

/** Part of its variance that a bound has to keep when the rows before it are known. */
const LEAST = 1e-10;

/** A component under a question; undefined if its bounds depend on one another. */
export function askedComponent(own: Component, question: LinearQuestion): AskedComponent | undefined {
  const { size, rows, value, variance, low } = question;
  const { mean, covariance } = own;
  const [n, count] = [value.length, value.length + low.length];
  const row = (i: number) => rows.subarray(i * size, (i + 1) * size);
  const CH = Array.from({ length: count }, (_, i) => {
    const at = row(i);
    return mean.map((_, d) => dot(covariance.subarray(d * size, (d + 1) * size), at));
  });
  const S = (i: number, j: number) => dot(row(i), CH[j]!) + (i === j ? (variance[i] ?? 0) : 0);
  const factor = cholesky(count, S);
  for (let i = n; i < count; i++) if (factor[i * (count + 1)]! ** 2 < LEAST * S(i, i)) return undefined;
  const whitened = new Float64Array(n);
  let logReadings = own.logWeight - n * HALF_LOG_TWO_PI;
  for (let i = 0; i < n; i++) {
    const left = value[i]! - dot(row(i), mean) - partOf(factor, count, i, whitened);
    whitened[i] = left / factor[i * (count + 1)]!;
    logReadings -= 0.5 * whitened[i]! ** 2 + Math.log(factor[i * (count + 1)]!);
  }
  return {
    ...{ logReadings, whitened, mean, factor, spread: own.factor },
    gain: gainOf(CH, factor, size),
    middle: low.map((_, i) => dot(row(n + i), mean)),
  };
}

/** K of K·Lᵀ = C·Hᵀ, by columns. */
function gainOf(CH: readonly Float64Array[], factor: Float64Array, size: number): Float64Array {
  const count = CH.length;
  const gain = new Float64Array(size * count);
  for (let d = 0; d < size; d++)
    for (let i = 0; i < count; i++) {
      const known = gain.subarray(d * count, d * count + i);
      gain[d * count + i] = (CH[i]![d]! - partOf(factor, count, i, known)) / factor[i * (count + 1)]!;
    }
  return gain;
}

/** Σ L_ij·e_j over the first values of e, those with j < i. */
function partOf(factor: Float64Array, count: number, i: number, e: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < Math.min(i, e.length); j++) sum += factor[i * count + j]! * e[j]!;
  return sum;
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

/**
 * The bounds of a component one after another (Genz 1992): each cuts N(0, 1) given those before. `u`: [k], in
 * (0, 1). Writes e of all rows, [n + k], and returns log P of each bound given those before it: [k].
 */
export function boundsOf(
  { whitened, factor, middle }: AskedComponent,
  { low, high }: Pick<LinearQuestion, 'low' | 'high'>,
  u: ArrayLike<number>,
  e: Float64Array,
): Float64Array {
  const [n, count] = [whitened.length, whitened.length + middle.length];
  e.set(whitened);
  return low.map((_, i) => {
    const center = middle[i]! + partOf(factor, count, n + i, e);
    const std = factor[(n + i) * (count + 1)]!;
    const [a, b] = [(low[i]! - center) / std, (high[i]! - center) / std];
    const log = logBetween(a, b);
    e[n + i] = log === -Infinity ? 0 : truncatedNormal(a, b, u[i]!);
    return log;
  });
}

/**
 * A point z of the component whose rows have the whitened values e, [n + k], from normals [D + n]: Matheron's
 * rule, z₀ + C·Hᵀ·S⁻¹(L·e − H·z₀ − n₀).
 */
export function pointOf(
  { mean, spread, factor, gain, whitened }: AskedComponent,
  { size, rows, variance }: LinearQuestion,
  e: Float64Array,
  normals: ArrayLike<number>,
): Float64Array {
  const count = e.length;
  const z = mean.map((_, d) => dot(spread.subarray(d * size, d * size + d + 1), normals));
  const residual = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const error = i < whitened.length ? Math.sqrt(variance[i]!) * normals[size + i]! : 0;
    const drawn = dot(rows.subarray(i * size, (i + 1) * size), z) + error;
    residual[i] = (drawn - partOf(factor, count, i, residual)) / factor[i * (count + 1)]!;
  }
  const move = e.map((value, i) => value - residual[i]!);
  return z.map((value, d) => mean[d]! + value + dot(move, gain.subarray(d * count, (d + 1) * count)));
}
