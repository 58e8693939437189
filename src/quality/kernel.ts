import { usage } from '../errors.ts';
import type { Points } from './points.ts';

/** k(pᵢ, qⱼ) */
export type Kernel = (p: Points, i: number, q: Points, j: number) => number;

/**
 * The unbiased estimate of the squared maximum mean discrepancy (Gretton et al. 2012, lemma 6):
 *
 *     MMD² = 1/(n(n−1)) Σ_{i≠j} k(xᵢ,xⱼ) + 1/(m(m−1)) Σ_{i≠j} k(yᵢ,yⱼ) − 2/(nm) Σᵢⱼ k(xᵢ,yⱼ).
 *
 * For two sets from the same distribution its mean is 0, so it can be negative.
 * @throws usage for a set of one point
 */
export function unbiasedMmd2(p: Points, q: Points, kernel: Kernel): number {
  if (p.count < 2 || q.count < 2)
    throw usage('a set of one point has no unbiased estimate', {
      where: 'maximum mean discrepancy',
      got: `${p.count} and ${q.count} points`,
      expected: 'at least 2 in each set',
    });
  return within(p, kernel) + within(q, kernel) - 2 * between(p, q, kernel);
}

/** The mean of k over pairs of different points; k is symmetric. */
function within(p: Points, kernel: Kernel): number {
  let sum = 0;
  for (let i = 1; i < p.count; i++) for (let j = 0; j < i; j++) sum += kernel(p, i, p, j);
  return (2 * sum) / (p.count * (p.count - 1));
}

function between(p: Points, q: Points, kernel: Kernel): number {
  let sum = 0;
  for (let i = 0; i < p.count; i++) for (let j = 0; j < q.count; j++) sum += kernel(p, i, q, j);
  return sum / (p.count * q.count);
}
