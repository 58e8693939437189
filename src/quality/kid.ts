import { usage } from '../errors.ts';
import { key, permutation } from '../random/index.ts';
import type { HostTensor } from '../tensor/types.ts';
import { type Kernel, unbiasedMmd2 } from './kernel.ts';
import { type Points, pair } from './points.ts';

/** The options of a kernel distance of features. */
export interface KidOptions {
  /** Pairs of subsets; default 100. */
  readonly subsets?: number;
  /** Points in a subset; default 1,000, or all points of the smaller set if it has fewer. */
  readonly subsetSize?: number;
  /** Seed of the choice of subsets; default 0. */
  readonly seed?: number;
}

/** A kernel distance of features over subsets. */
export interface Kid {
  /**
   * The distance: the mean of MMD² over the pairs of subsets. For two sets from the same distribution its
   * mean is 0.
   */
  readonly mean: number;
  /** Standard deviation over subsets. It is not the error of the mean, since subsets share points. */
  readonly std: number;
}

/** k(x, y) = (x·y/D + 1)³ */
const cubic: Kernel = (p, i, q, j) => {
  const [from, to] = [i * p.size, j * q.size];
  let dot = 0;
  for (let d = 0; d < p.size; d++) dot += p.x[from + d]! * q.x[to + d]!;
  const base = dot / p.size + 1;
  return base * base * base;
};

/**
 * The kernel distance of two sets of features `[n, D]`, `[m, D]` (Bińkowski et al. 2018): the mean of
 * unbiased MMD² with the kernel (x·y/D + 1)³ over pairs of random subsets, each drawn without replacement.
 * @throws usage for sets that do not match and for impossible options; failure for values that are not finite
 */
export function kernelDistance(a: HostTensor, b: HostTensor, options: KidOptions = {}): Kid {
  const [p, q] = pair(a, b, 'kernelDistance');
  const { subsets = 100, subsetSize = 1_000, seed = 0 } = options;
  const size = Math.min(subsetSize, p.count, q.count);
  if (!(Number.isInteger(subsets) && subsets >= 1 && Number.isInteger(subsetSize) && subsetSize >= 2))
    throw usage('impossible options', {
      where: 'kernelDistance',
      got: `${subsets} subsets of ${subsetSize}`,
      expected: 'at least 1 subset of at least 2',
    });
  // If the subsets are the whole sets, there is only one pair.
  const rounds = size === p.count && size === q.count ? 1 : subsets;
  const values = Float64Array.from({ length: rounds }, (_, round) =>
    unbiasedMmd2(subset(p, size, seed, 2 * round), subset(q, size, seed, 2 * round + 1), cubic),
  );
  const mean = values.reduce((sum, value) => sum + value, 0) / rounds;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rounds;
  return { mean, std: Math.sqrt(variance) };
}

function subset(p: Points, count: number, seed: number, step: number): Points {
  if (count === p.count) return p;
  const rows = permutation(p.count, key(seed, 'quality/subsets'), step).subarray(0, count);
  const x = new Float64Array(count * p.size);
  rows.forEach((row, i) => {
    x.set(p.x.subarray(row * p.size, (row + 1) * p.size), i * p.size);
  });
  return { x, count, size: p.size };
}
