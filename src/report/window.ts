/** The two ends of an interval, ascending. */
export type Interval = readonly [min: number, max: number];

/** The part of the plane a panel shows. */
export interface Window {
  readonly x: Interval;
  readonly y: Interval;
}

/**
 * The interval for showing several columns on one axis: from the smallest 0.1 % quantile to the largest 99.9
 * % quantile, widened by 6 % on each side. So one extreme sample does not shrink all others to a point.
 * Values that are not finite are ignored. If all values are equal, the interval has a width of one.
 */
export function shownInterval(columns: readonly Float64Array[]): Interval {
  let [low, high] = [Infinity, -Infinity];
  for (const column of columns) {
    const sorted = column.filter(Number.isFinite).sort();
    if (sorted.length === 0) continue;
    low = Math.min(low, quantile(sorted, 0.001));
    high = Math.max(high, quantile(sorted, 0.999));
  }
  if (low > high) return [-1, 1];
  const margin = high > low ? 0.06 * (high - low) : 0.5;
  return [low - margin, high + margin];
}

/**
 * Gives both intervals the same length if the longer is at most 1.5 times the shorter, so that circles look
 * round.
 */
export function evenWindow(x: Interval, y: Interval): Window {
  const [width, height] = [x[1] - x[0], y[1] - y[0]];
  if (Math.max(width, height) > 1.5 * Math.min(width, height)) return { x, y };
  const half = Math.max(width, height) / 2;
  return { x: about(x, half), y: about(y, half) };
}

const about = ([min, max]: Interval, half: number): Interval => [
  (min + max) / 2 - half,
  (min + max) / 2 + half,
];

/** The q-quantile of sorted values, linear between neighbours. */
export function quantile(sorted: Float64Array, q: number): number {
  const place = q * (sorted.length - 1);
  const i = Math.floor(place);
  const [low, high] = [sorted[i]!, sorted[Math.min(i + 1, sorted.length - 1)]!];
  return low + (high - low) * (place - i);
}
