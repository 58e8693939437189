import { usage } from '../errors.ts';
import type { HostTensor } from '../tensor/types.ts';
import { type Points, pair, squaredDistance } from './points.ts';

/** Shares and means over neighbourhoods: what samples are like, and what of the data they reach. */
export interface Neighbourhoods {
  /**
   * Share of samples inside the support of the data: within r of some real point, r its distance to its k-th
   * nearest real one.
   */
  readonly precision: number;
  /** Share of real points inside the support of the samples, likewise. */
  readonly recall: number;
  /**
   * Mean number of real neighbourhoods a sample lies in, over k; 1 in the mean for two sets of one law, and
   * may exceed 1.
   */
  readonly density: number;
  /** Share of real points with a sample in their neighbourhood. */
  readonly coverage: number;
}

/**
 * How samples and data cover one another, by balls B(xⱼ, rⱼ) that reach to the k-th nearest other point of
 * the same set: improved precision and recall (Kynkäänniemi et al. 2019) and density and coverage (Naeem et
 * al. 2020), sets `[n, ...D]`. The work grows as (n + m)²·D.
 * @param k default 5
 * @throws usage for sets that do not match or no more than k points; failure for values not finite
 */
export function neighbourhoods(
  real: HostTensor,
  samples: HostTensor,
  { k = 5 }: { readonly k?: number } = {},
): Neighbourhoods {
  const [p, q] = pair(real, samples, 'neighbourhoods');
  if (!(Number.isInteger(k) && k >= 1 && k < p.count && k < q.count))
    throw usage('impossible number of neighbours', {
      where: 'neighbourhoods',
      got: k,
      expected: `1 to ${Math.min(p.count, q.count) - 1}, fewer than the points of the smaller set`,
    });
  const [ofReal, ofSamples] = [radii(p, k), radii(q, k)];
  const inside = new Uint32Array(q.count);
  const [covered, recalled] = [new Uint8Array(p.count), new Uint8Array(p.count)];
  for (let j = 0; j < p.count; j++) {
    for (let i = 0; i < q.count; i++) {
      const squared = squaredDistance(p, j, q, i);
      if (squared <= ofReal[j]!) {
        inside[i]!++;
        covered[j] = 1;
      }
      if (squared <= ofSamples[i]!) recalled[j] = 1;
    }
  }
  const total = (list: ArrayLike<number>) => Array.from(list).reduce((sum, value) => sum + value, 0);
  return {
    precision: inside.filter(count => count > 0).length / q.count,
    recall: total(recalled) / p.count,
    density: total(inside) / (k * q.count),
    coverage: total(covered) / p.count,
  };
}

/** The squared distance of each point to its k-th nearest other. */
function radii(p: Points, k: number): Float64Array {
  const distances = new Float64Array(p.count);
  return Float64Array.from({ length: p.count }, (_, i) => {
    for (let j = 0; j < p.count; j++) distances[j] = i === j ? 0 : squaredDistance(p, i, p, j);
    // The point itself comes first: 0 is least.
    return distances.slice().sort()[k]!;
  });
}
