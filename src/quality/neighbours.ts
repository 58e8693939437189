import { usage } from '../errors.ts';
import type { HostTensor } from '../tensor/types.ts';
import { type Points, pair, squaredDistance } from './points.ts';

/**
 * Shares and means over neighbourhoods: how realistic the samples are, and how much of the data they cover.
 */
export interface Neighbourhoods {
  /**
   * Share of samples inside the support of the data: within r of some real point, where r is the distance of
   * that point to its k-th nearest real neighbour.
   */
  readonly precision: number;
  /** Share of real points inside the support of the samples, defined in the same way. */
  readonly recall: number;
  /**
   * Mean number of real neighbourhoods that contain a sample, divided by k. For two sets from the same
   * distribution its mean is 1; it can be larger.
   */
  readonly density: number;
  /** Share of real points with a sample in their neighbourhood. */
  readonly coverage: number;
}

/**
 * How well samples and data cover each other, with balls B(xⱼ, rⱼ) that reach to the k-th nearest other point
 * of the same set: improved precision and recall (Kynkäänniemi et al. 2019), and density and coverage (Naeem
 * et al. 2020). Sets are `[n, ...D]`. The work grows as (n + m)²·D.
 * @param k default 5
 * @throws usage for sets that do not match and for sets of k points or fewer; failure for values that are not
 * finite
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

/** The squared distance of each point to its k-th nearest other point. */
function radii(p: Points, k: number): Float64Array {
  const distances = new Float64Array(p.count);
  return Float64Array.from({ length: p.count }, (_, i) => {
    for (let j = 0; j < p.count; j++) distances[j] = i === j ? 0 : squaredDistance(p, i, p, j);
    // Index 0 is the point itself, at distance 0.
    return distances.slice().sort()[k]!;
  });
}
