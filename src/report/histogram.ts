import type { Interval } from './window.ts';

/** Edges of bins in ascending order: n + 1 for n bins. */
export type Edges = readonly number[];

/**
 * Bins for `column` over `shown`. Their width is 2·IQR·n^(−1/3) (Freedman and Diaconis 1981), with at least
 * 16 and at most 64 bins. Whole numbers in a short range get one bin each.
 */
export function binEdges(column: Float64Array, [low, high]: Interval): Edges {
  const sorted = column.filter(Number.isFinite).sort();
  const some = Math.floor(high) >= Math.ceil(low) && high - low < 48;
  if (some && sorted.length > 0 && sorted.every(Number.isInteger)) {
    const [first, last] = [Math.ceil(low) - 0.5, Math.floor(high) + 0.5];
    return Array.from({ length: Math.round(last - first) + 1 }, (_, i) => first + i);
  }
  const at = (q: number) => sorted[Math.floor(q * (sorted.length - 1))] ?? 0;
  const width = (2 * (at(0.75) - at(0.25))) / Math.cbrt(sorted.length || 1);
  const count = Math.min(64, Math.max(16, width > 0 ? Math.ceil((high - low) / width) : 64));
  return Array.from({ length: count + 1 }, (_, i) => low + ((high - low) * i) / count);
}

/**
 * The histogram as a density: the sum of height·width over the bins is the share of the values, missing ones
 * aside, inside the edges.
 */
export function heights(column: Float64Array, edges: Edges): number[] {
  const [low, high, bins] = [edges[0]!, edges.at(-1)!, edges.length - 1];
  const counts = new Array<number>(bins).fill(0);
  let known = 0;
  for (const value of column) {
    if (!Number.isNaN(value)) known++;
    if (!(value >= low && value <= high)) continue;
    counts[Math.min(bins - 1, Math.floor((bins * (value - low)) / (high - low)))]!++;
  }
  return counts.map(count => (count * bins) / (Math.max(1, known) * (high - low)));
}
