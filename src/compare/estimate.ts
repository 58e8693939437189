import { meanAndError } from '../math/mean.ts';

/** A mean over runs, and its standard error if there is more than one run. */
export interface Estimate {
  /** The mean over runs. */
  readonly mean: number;
  /** Its standard error; missing after only one run. */
  readonly standardError?: number;
}

/** The mean of values and the standard error of that mean. */
export function estimate(values: readonly number[]): Estimate {
  const { mean, standardError } = meanAndError(values);
  return { mean, ...(standardError !== null && { standardError }) };
}
