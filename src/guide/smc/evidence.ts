import { logMeanExp } from '../../math/log-sum.ts';

/** log p(y), estimated from populations. */
export interface Evidence {
  /** log of the mean estimate of p(y), in nats and in the units of the measurement. */
  readonly logEvidence: number;
  /** Its 95 % interval; null for one population, which does not show its error. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Estimates of the populations. */
  readonly populations: readonly number[];
  /** The change from halving the steps; null if that was not tried. */
  readonly gridError: number | null;
}

/**
 * The evidence from estimates of independent populations, and from others with half the steps. The interval
 * combines, in squares, Student's t of the scatter of the estimates and the change from halving the grid,
 * which is about as large as the remaining error.
 */
export function evidenceOf(full: readonly number[], half?: readonly number[]): Evidence {
  const logEvidence = logMeanExp(full);
  const error = errorOf(full);
  const gridError = half ? logEvidence - logMeanExp(half) : null;
  if (error === null) return { logEvidence, interval: null, populations: full, gridError };
  const width = Math.hypot(error, gridError ?? 0);
  return { logEvidence, interval: [logEvidence - width, logEvidence + width], populations: full, gridError };
}

/** Half the 95 % interval of the log of a mean of estimates e^v. */
function errorOf(logs: readonly number[]): number | null {
  const count = logs.length;
  if (count < 2) return null;
  const center = logMeanExp(logs);
  const squares = logs.reduce((sum, log) => sum + Math.expm1(log - center) ** 2, 0);
  return quantile(count - 1) * Math.sqrt(squares / (count - 1) / count);
}

/** 97.5 % quantiles of Student's t with 1, 2, … degrees of freedom. */
const T = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

/** The quantile beyond the table, to 1 %. */
const quantile = (freedom: number): number => T[freedom - 1] ?? 1.96 + 2.5 / freedom;
