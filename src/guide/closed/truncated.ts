import { logAddExp, logNormalCdf, logNormalQuantile } from '../../math/normal.ts';

/** log P(a < e < b) for e ~ N(0, 1); −∞ unless a < b. It keeps its digits in both tails. */
export function logBetween(a: number, b: number): number {
  if (!(a < b)) return -Infinity;
  const [low, high] = a + b > 0 ? [-b, -a] : [a, b];
  const top = logNormalCdf(high);
  return top === -Infinity ? top : top + Math.log(-Math.expm1(logNormalCdf(low) - top));
}

/** The point of N(0, 1) cut to (a, b) below which the part u of it lies. */
export function truncatedNormal(a: number, b: number, u: number): number {
  if (a + b > 0) return -truncatedNormal(-b, -a, 1 - u);
  const logP = logAddExp(Math.log(u) + logNormalCdf(b), Math.log1p(-u) + logNormalCdf(a));
  const e = logNormalQuantile(logP, Math.log(-Math.expm1(logP)));
  return Math.min(b, Math.max(a, e));
}
