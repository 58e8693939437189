import { failure } from '../../errors.ts';
import { logMeanExp } from '../../math/log-sum.ts';
import { MOST } from './resampling.ts';
import { effectiveSize } from './weights.ts';

/** What the reports of one population add up to. */
export interface Ledger {
  /**
   * Adds the report of one look at the weights, which begins at `at`.
   * @throws failure if all particles are dead
   */
  add(reports: Float32Array, at: number): void;
  /** The outcome with the log-weights after the last step. */
  close(last: Float32Array): {
    readonly logWeights: Float64Array;
    readonly logEvidence: number;
    readonly sizes: Float64Array;
  };
}

/** The sums over steps are of float64. */
export function ledgerOf(particles: number): Ledger {
  const sizes: number[] = [];
  let logEvidence = 0;
  return Object.freeze({
    add(reports: Float32Array, at: number) {
      const [top, total, size] = [reports[at]!, reports[at + 1]!, reports[at + 2]!];
      if (top < -MOST) throw dead();
      sizes.push(size);
      logEvidence += top;
      // The program compares the same float32 numbers.
      if (size < particles / 2) logEvidence += Math.log(total / particles);
    },
    close(last: Float32Array) {
      const logWeights = new Float64Array(last).map(value => (Math.abs(value) < MOST ? value : -Infinity));
      const size = effectiveSize(logWeights);
      if (size === 0) throw dead();
      const evidence = logEvidence + logMeanExp(logWeights);
      return { logWeights, logEvidence: evidence, sizes: Float64Array.of(...sizes, size) };
    },
  });
}

const dead = () =>
  failure('No particle agrees with the measurement: the model gives it probability 0', {
    where: 'given',
    remedy:
      'Look for values that no row of the data is near to, give numbers errors (a=1.5±0.1), ' +
      'or take more particles',
  });
