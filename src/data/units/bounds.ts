/** The ends of a column: what lies beyond cannot be. */
export interface Bounds {
  /** The least value; default −∞. */
  readonly low?: number | undefined;
  /** The greatest value; default ∞. */
  readonly high?: number | undefined;
}

/**
 * Brings a value back within bounds. On a grid, and at an end that is an atom, it becomes the end: the end
 * then has the whole probability beyond it. Else it is mirrored: p(x) becomes p(x) + p(2·end − x). Neither
 * lowers the probability of a value within the bounds, so log-likelihoods that know of no bounds stay lower
 * bounds.
 */
export function within(
  { low = -Infinity, high = Infinity }: Bounds,
  isGrid: boolean,
  atoms?: Bounds,
): (x: number) => number {
  const clamped = (x: number) => Math.min(high, Math.max(low, x));
  if (isGrid) return clamped;
  return x => {
    if (x < low && atoms?.low === undefined) return clamped(2 * low - x);
    if (x > high && atoms?.high === undefined) return clamped(2 * high - x);
    return clamped(x);
  };
}

/** The least share of rows, and the least number, that make an end of a column one of its bounds. */
const [SHARE, COUNT] = [0.05, 5];

/** Whether so many of n rows share an end. */
export const isShared = (count: number, n: number): boolean => count >= Math.max(COUNT, SHARE * n);

/** The ends of a column that at least a twentieth of its values share, as many days have no rain. */
export function sharedEnds(column: Float64Array): Bounds {
  const [least, greatest] = [
    column.reduce((low, value) => Math.min(low, value), Infinity),
    column.reduce((high, value) => Math.max(high, value), -Infinity),
  ];
  const isEnd = (end: number) =>
    isShared(
      column.reduce((sum, value) => sum + (value === end ? 1 : 0), 0),
      column.length,
    );
  if (!(least < greatest)) return {};
  return { ...(isEnd(least) && { low: least }), ...(isEnd(greatest) && { high: greatest }) };
}
