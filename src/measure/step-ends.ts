/** The evenly spaced values that a cell can have. */
export interface Steps {
  /** Distance from one value to the next. */
  readonly width: number;
  /** The greatest value that is not above x. */
  below(x: number): number;
  /** The least value, which has all that lies below it; default none. */
  readonly least?: number | undefined;
  /** The greatest value, which has all that lies above it; default none. */
  readonly greatest?: number | undefined;
}

type Pair<T> = readonly [low: T, high: T];

/** The most steps of one column between neighbouring values of a sum, and the error of such a number. */
const [MOST_STEPS, ROUNDING] = [1000, 1e-9];

/**
 * The distance between neighbouring values of Σ aᵢxᵢ where every xᵢ is on a grid: the greatest common
 * divisor of the aᵢ·widthᵢ. Undefined if some are not on a grid, or the values lie everywhere.
 */
export function spacingOf(row: Float64Array, grids: readonly (Steps | undefined)[]): number | undefined {
  let spacing = 0;
  for (const [d, entry] of row.entries()) {
    if (entry === 0) continue;
    const width = grids[d] && Math.abs(entry) * grids[d].width;
    if (!width) return undefined;
    let [a, b] = [Math.max(width, spacing), Math.min(width, spacing)];
    const least = ROUNDING * a;
    while (b > least) [a, b] = [b, a - b * Math.round(a / b)].map(Math.abs) as [number, number];
    if (width > MOST_STEPS * a) return undefined;
    spacing = a;
  }
  return spacing === 0 ? undefined : spacing;
}

/** The ends of a·(x + u·width) for a·x = value. */
export function stepOf(
  value: number,
  a: number,
  { width, least = -Infinity, greatest = Infinity }: Steps,
): Pair<number> {
  const x = value / a;
  // The division may have rounded.
  const near = 1e-6 * width;
  const ends = [
    x <= least + near ? -Infinity * a : a * x,
    x >= greatest - near ? Infinity * a : a * (x + width),
  ] as const;
  return a > 0 ? ends : [ends[1], ends[0]];
}

/** The bounds of a·(x + u·width) for low < a·x < high (or ≤), x on a grid. */
export function endsOfSteps(
  [low, high]: Pair<number>,
  strict: Pair<boolean>,
  a: number,
  grid: Steps,
): Pair<number> {
  const [from, to] = a > 0 ? [low / a, high / a] : [high / a, low / a];
  const [above, under] = a > 0 ? strict : [strict[1], strict[0]];
  const first = firstAllowed(from, above, grid);
  const last = lastAllowed(to, under, grid);
  const { least = -Infinity, greatest = Infinity } = grid;
  const ends = [
    first <= least ? -Infinity * a : a * first,
    last >= greatest ? Infinity * a : a * (last + grid.width),
  ] as const;
  return a > 0 ? ends : [ends[1], ends[0]];
}

/** The least value of the grid that is above the bound, or at it. */
function firstAllowed(bound: number, strict: boolean, { width, below }: Steps): number {
  if (!Number.isFinite(bound)) return bound;
  const value = below(bound);
  return value === bound && !strict ? value : value + width;
}

/** The greatest value of the grid that is below the bound, or at it. */
function lastAllowed(bound: number, strict: boolean, { width, below }: Steps): number {
  if (!Number.isFinite(bound)) return bound;
  const value = below(bound);
  return value === bound && strict ? value - width : value;
}
