/**
 * Wᵖₚ between two sets of numbers. Each set is in rising order, and its points have equal weights:
 *
 *     Wᵖₚ(F, G) = ∫₀¹ |F⁻¹(u) − G⁻¹(u)|ᵖ du.
 *
 * It is exact for sets of any two sizes: the quantile functions are step functions, and the integral is a sum
 * over their common steps.
 */
export function transportCost(
  sortedA: ArrayLike<number>,
  sortedB: ArrayLike<number>,
  cost: (gap: number) => number,
): number {
  const [n, m] = [sortedA.length, sortedB.length];
  let sum = 0;
  if (n === m) {
    for (let i = 0; i < n; i++) sum += cost(Math.abs(sortedA[i]! - sortedB[i]!));
    return sum / n;
  }
  // In units of 1/(n·m) the steps end at whole numbers, so rounding cannot lose or repeat a piece.
  for (let i = 0, j = 0, at = 0; i < n && j < m; ) {
    const [endA, endB] = [(i + 1) * m, (j + 1) * n];
    const end = Math.min(endA, endB);
    sum += (end - at) * cost(Math.abs(sortedA[i]! - sortedB[j]!));
    at = end;
    if (endA === end) i++;
    if (endB === end) j++;
  }
  return sum / (n * m);
}
