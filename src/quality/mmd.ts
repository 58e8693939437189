import { unknownName, usage } from '../errors.ts';
import { key, permutation } from '../random/index.ts';
import type { HostTensor } from '../tensor/types.ts';
import { type Kernel, unbiasedMmd2 } from './kernel.ts';
import { type Points, pair, squaredDistance } from './points.ts';

/**
 * The kernels k as functions of the squared distance, with bandwidth h: exp(−d²/2h²), and (1 + d²/h²)^(−½).
 */
const KERNELS = {
  gaussian: (squared: number, h: number) => Math.exp(-squared / (2 * h * h)),
  'inverse-multiquadric': (squared: number, h: number) => 1 / Math.sqrt(1 + squared / (h * h)),
} as const;

/** The options of a maximum mean discrepancy. */
export interface MmdOptions {
  /** The kernel; default `gaussian`. */
  readonly kernel?: keyof typeof KERNELS;
  /** h, in the units of the data; default the median distance between the points of both sets together. */
  readonly bandwidth?: number;
}

/** A maximum mean discrepancy and its bandwidth. */
export interface Mmd {
  /** The unbiased estimate of MMD². For two sets from the same distribution its mean is 0. */
  readonly squared: number;
  /** h, in the units of the data. */
  readonly bandwidth: number;
}

/** The largest number of points for the median. */
const MEDIAN_POINTS = 1_000;

/**
 * The unbiased squared maximum mean discrepancy of two sets of points `[n, ...D]`, `[m, ...D]` (Gretton et
 * al. 2012). To compare several sets with one another, use one bandwidth for all.
 * @throws usage for sets that do not match, for fewer than two points and for an impossible bandwidth;
 * failure for values that are not finite
 */
export function maximumMeanDiscrepancy(a: HostTensor, b: HostTensor, options: MmdOptions = {}): Mmd {
  const { kernel = 'gaussian' } = options;
  if (!Object.hasOwn(KERNELS, kernel)) throw unknownName('kernel', kernel, Object.keys(KERNELS));
  const [p, q] = pair(a, b, 'maximumMeanDiscrepancy');
  const bandwidth = options.bandwidth ?? medianDistance(p, q);
  if (!(bandwidth > 0 && bandwidth < Infinity))
    throw usage('impossible bandwidth', {
      where: 'maximumMeanDiscrepancy',
      got: bandwidth,
      expected: 'a positive number',
      remedy: 'Set a bandwidth: more than half of the distances between points may be 0.',
    });
  const k: Kernel = (s, i, t, j) => KERNELS[kernel](squaredDistance(s, i, t, j), bandwidth);
  return { squared: unbiasedMmd2(p, q, k), bandwidth };
}

/**
 * The median distance between different points of both sets. Of many points it takes a subset, by a fixed
 * shuffle.
 */
function medianDistance(p: Points, q: Points): number {
  const total = p.count + q.count;
  const rows = permutation(total, key(0, 'quality/median'), 0).subarray(0, MEDIAN_POINTS);
  const place = (index: number): [Points, number] => (index < p.count ? [p, index] : [q, index - p.count]);
  const distances = new Float64Array((rows.length * (rows.length - 1)) / 2);
  let at = 0;
  for (let i = 1; i < rows.length; i++)
    for (let j = 0; j < i; j++)
      distances[at++] = Math.sqrt(squaredDistance(...place(rows[i]!), ...place(rows[j]!)));
  return median(distances.sort());
}

const median = (sorted: Float64Array): number =>
  (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
