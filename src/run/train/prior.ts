import type { Dataset } from '../../data/index.ts';
import { emitWarning } from '../../errors/warning.ts';
import { key } from '../../random/index.ts';
import type { Sde, Spec } from '../../sde/contract.ts';
import { type PlainTensor, sizeOf } from '../../tensor/index.ts';
import { modelShape } from '../shape.ts';

/**
 * Number of rows used, and the largest width for which the covariance of the values is computed. Wider rows
 * use their Gram matrix.
 */
const ROWS = 1024;
const WIDE = 256;
/** From this number of nats per dimension on, samples show the mismatch. */
const LIMIT = 0.01;

/** How far the law of the data at T is from the prior, from which sampling starts. */
export interface PriorMismatch {
  /**
   * KL divergence in nats of the Gaussian with the moments of p_T from the prior. KL(p_T ‖ prior) is at least
   * this.
   */
  readonly nats: number;
  /** `nats`/D, for D values in a sample. */
  readonly perDimension: number;
  /** A note for the user: the number and, above 0.01 nats per dimension, the setting that repairs it. */
  readonly note: string;
}

interface Moments {
  readonly size: number;
  /** [n, n], with the same nonzero eigenvalues as the covariance. */
  readonly covariance: Float64Array;
  readonly n: number;
  readonly meanSquare: number;
}

/** Passes the note to `onNote`; without it, warns if the mismatch matters. */
export function notePrior(
  { perDimension, note }: PriorMismatch,
  { onNote }: { readonly onNote?: (note: string) => void },
): void {
  if (onNote) onNote(note);
  else if (perDimension > LIMIT) emitWarning(note);
}

/**
 * KL(N(α·m, α²Σ + σ²I) ‖ N(0, P²I)) at T, with mean m and covariance Σ of up to 1,024 rows in model units:
 * ½·(tr V − D − log|V| + α²‖m‖²/P²), V = (α²Σ + σ²I)/P².
 */
export const priorMismatch = (dataset: Dataset, sde: Sde, seed: number): PriorMismatch =>
  mismatchOf(momentsOf(dataset, seed), sde);

/** The same for rows at hand, [N, ...D] in model units; the first 1,024 are used. */
export function priorMismatchOf({ data, shape }: PlainTensor, sde: Sde): PriorMismatch {
  const size = sizeOf(shape.slice(1));
  const count = Math.min(shape[0]!, size > WIDE ? WIDE : ROWS);
  return mismatchOf(momentsOfRows(Float64Array.from(data.subarray(0, count * size)), count, size), sde);
}

function mismatchOf(moments: Moments, sde: Sde): PriorMismatch {
  const { scale, std } = sde.marginal(sde.tMax);
  const nats = divergence(moments, scale, std, sde.prior.std);
  const perDimension = nats / moments.size;
  const fit = `KL(p_T ‖ prior) by mean and covariance: ${nats.toPrecision(2)} nats, ${perDimension.toPrecision(2)} a dimension`;
  if (!(perDimension > LIMIT)) return { nats, perDimension, note: fit };
  const factor = factorFor(moments, scale, std);
  const ratio = ((std / scale) * factor).toPrecision(2);
  const note = `${fit}: noise does not yet cover the data at T, and samples will be off. ${remedy(sde.spec, factor, Number(ratio))}`;
  return { nats, perDimension, note };
}

function divergence(moments: Moments, scale: number, std: number, prior: number): number {
  const { size, covariance, n, meanSquare } = moments;
  const relative = covariance.map(
    (value, i) => ((i % (n + 1) === 0 ? std ** 2 : 0) + scale ** 2 * value) / prior ** 2,
  );
  const rest = (std / prior) ** 2;
  let trace = (size - n) * rest;
  for (let i = 0; i < n; i++) trace += relative[i * (n + 1)]!;
  const logDeterminant = (size - n) * Math.log(rest) + logDeterminantOf(relative, n);
  return 0.5 * (trace - size - logDeterminant + (scale ** 2 * meanSquare) / prior ** 2);
}

/** log |A| of a positive definite matrix [n, n]. Its Cholesky factor replaces it in memory. */
function logDeterminantOf(a: Float64Array, n: number): number {
  let sum = 0;
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let value = a[i * n + j]!;
      for (let k = 0; k < j; k++) value -= a[i * n + k]! * a[j * n + k]!;
      a[i * n + j] = i === j ? Math.sqrt(value) : value / a[j * n + j]!;
    }
    sum += 2 * Math.log(a[j * n + j]!);
  }
  return sum;
}

/** The factor by which σ/α has to grow to reach half the limit, in steps of √2. */
function factorFor(moments: Moments, scale: number, std: number): number {
  const limit = 0.5 * LIMIT * moments.size;
  let factor = Math.SQRT2;
  while (factor < 1e6 && divergence(moments, scale, std * factor, std * factor) > limit) factor *= Math.SQRT2;
  return factor;
}

function remedy(spec: Spec | undefined, factor: number, ratio: number): string {
  const schedule = spec?.schedule as { readonly name?: string; readonly sigmaMax?: number } | undefined;
  const plain = `Choose a schedule whose σ/α at T is ${ratio} or more`;
  if (!schedule?.name || !spec) return plain;
  const { name, ...options } = schedule;
  const written = (changed: object) =>
    `--sde ${spec.name} --schedule ${name} --schedule-options '${JSON.stringify({ ...options, ...changed })}'`;
  if (options.sigmaMax !== undefined)
    return `Try ${written({ sigmaMax: Number((options.sigmaMax * factor).toPrecision(2)) })}`;
  const { betaMin, betaMax } = schedule as { readonly betaMin?: number; readonly betaMax?: number };
  if (betaMin === undefined || betaMax === undefined) return plain;
  // α² = exp(−B) with B = (βmin + βmax)/2, so a factor of σ/α needs a B that is larger by twice its
  // logarithm.
  return `Try ${written({ betaMax: Math.ceil(betaMax + 4 * Math.log(factor)) })}`;
}

function momentsOf(dataset: Dataset, seed: number): Moments {
  const size = sizeOf(modelShape(dataset));
  const count = Math.min(dataset.count, size > WIDE ? WIDE : ROWS);
  const step = dataset.count === Infinity ? 1 : dataset.count / count;
  const rows = new Float64Array(count * size);
  dataset.read(
    rows,
    key(seed, 'prior-check'),
    Uint32Array.from({ length: count }, (_, i) => Math.floor(i * step)),
  );
  return momentsOfRows(rows, count, size);
}

/** Of rows [count, size], which are moved to mean 0. */
function momentsOfRows(rows: Float64Array, count: number, size: number): Moments {
  const mean = new Float64Array(size);
  for (let i = 0; i < rows.length; i++) mean[i % size]! += rows[i]! / count;
  for (let i = 0; i < rows.length; i++) rows[i]! -= mean[i % size]!;
  const meanSquare = mean.reduce((sum, value) => sum + value * value, 0);
  const [n, at]: [number, (i: number, k: number) => number] =
    size <= WIDE ? [size, (i, k) => rows[k * size + i]!] : [count, (i, k) => rows[i * size + k]!];
  return { size, n, covariance: products(n, rows.length / n, at, count), meanSquare };
}

/** Σₖ at(i, k)·at(j, k)/count, [n, n]. */
function products(
  n: number,
  length: number,
  at: (i: number, k: number) => number,
  count: number,
): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < length; k++) sum += at(i, k) * at(j, k);
      out[i * n + j] = sum / count;
      out[j * n + i] = sum / count;
    }
  return out;
}
