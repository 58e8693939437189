import type { HostTensor } from '../tensor/types.ts';
import { pair, squaredDistance } from './points.ts';

/** How often samples lie nearer to the training rows than fresh rows do. */
export interface Memorisation {
  /**
   * P(a sample is nearer to its nearest training row than a held-out row is to its own). Ties count half.
   * It is ½ for samples of the law of the data, and 1 for copies of training rows.
   */
  readonly share: number;
  /** Its standard error for samples of the law of the data. */
  readonly standardError: number;
}

/**
 * Whether samples repeat training rows: the Mann–Whitney statistic of the distances to the nearest training
 * row, samples against held-out rows. All sets are `[n, ...D]`, in units in which their columns compare. The
 * work is (samples + held-out rows)·training rows·D.
 * @throws usage for sets that do not match; failure for values that are not finite
 */
export function memorisation(training: HostTensor, heldOut: HostTensor, samples: HostTensor): Memorisation {
  const [heldOutDistances, distances] = [
    nearest(training, heldOut).sort(),
    nearest(training, samples).sort(),
  ];
  let [below, upTo, sum] = [0, 0, 0];
  for (const distance of distances) {
    while (below < heldOutDistances.length && heldOutDistances[below]! < distance) below++;
    while (upTo < heldOutDistances.length && heldOutDistances[upTo]! <= distance) upTo++;
    sum += heldOutDistances.length - (below + upTo) / 2;
  }
  const [n, m] = [heldOutDistances.length, distances.length];
  return { share: sum / (n * m), standardError: Math.sqrt((n + m + 1) / (12 * n * m)) };
}

/** The squared distance of each point to the nearest training row. */
function nearest(training: HostTensor, points: HostTensor): Float64Array {
  const [p, q] = pair(training, points, 'memorisation');
  const out = new Float64Array(q.count).fill(Infinity);
  for (let i = 0; i < q.count; i++)
    for (let j = 0; j < p.count; j++) out[i] = Math.min(out[i]!, squaredDistance(p, j, q, i));
  return out;
}
