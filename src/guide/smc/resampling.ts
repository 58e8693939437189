import {
  abs,
  concat,
  div,
  exp,
  greater,
  max,
  mul,
  type PlainTensor,
  reshape,
  select,
  square,
  sub,
  sum,
  type Tensor,
  takeRows,
} from '../../tensor/index.ts';
import { searchFor } from './search.ts';

/** The size of a log-weight from which a particle counts as dead, as with NaN. */
export const MOST = 1e15;
/** The log-weight of a dead particle. No finite change brings it back: a later likelihood may be finite. */
const DEAD = -1e30;

/** Numbers in the report of a population: the greatest log-weight, and Σw and the effective size over it. */
export const REPORT = 3;

/** Particles whose weights have been looked at, and resampled where too few were effective. */
export interface Resampled {
  /** The log-weights that go on, less the greatest: [P·K]. 0 where the population was resampled. */
  readonly logWeights: Tensor;
  /** The parts of the particles that go on. */
  readonly parts: readonly Tensor[];
  /** The greatest log-weight, Σw for weights less the greatest, and the effective size before: [P, 3]. */
  readonly report: Tensor;
}

/** Systematic resampling of P populations of K particles inside a program. */
export interface Resampler {
  /** Constants of the program. */
  readonly constants: readonly PlainTensor[];
  /**
   * Resamples every population with fewer than K/2 effective particles; the others stay as they are.
   * logWeights: [P·K]. A NaN is a dead particle. `u`: one number in (0, 1) for each population. `parts`:
   * tensors [P·K, ...].
   */
  resample(
    constants: readonly Tensor[],
    logWeights: Tensor,
    u: Float64Array,
    parts: readonly Tensor[],
  ): Resampled;
}

/** The resampler of P populations of K particles. */
export function resampler(populations: number, particles: number): Resampler {
  const search = searchFor(populations, particles);
  const dead = { data: Float32Array.of(DEAD), shape: [1] };
  const rows = populations * particles;
  return Object.freeze({
    constants: [dead, ...search.constants],
    resample(
      [least, ...constants]: readonly Tensor[],
      logWeights: Tensor,
      u: Float64Array,
      parts: readonly Tensor[],
    ) {
      const living = select(greater(MOST, abs(logWeights)), logWeights, least!);
      const table = reshape(living, [populations, particles]);
      const top = max(table, [1], true);
      const centred = sub(table, top);
      const weights = exp(centred);
      const total = sum(weights, [1], true);
      const size = div(square(total), sum(square(weights), [1], true));
      const few = greater(particles / 2, size);
      const places = search.placesOf(constants, weights, u, few);
      return {
        logWeights: reshape(mul(centred, sub(1, few)), [rows]),
        parts: parts.map(part => takeRows(part, places)),
        report: concat([top, total, size], 1),
      };
    },
  });
}
