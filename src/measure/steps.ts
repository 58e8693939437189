import type { LinearPart, Part } from './contract.ts';

/** The evenly spaced values that a cell can have. */
export interface Steps {
  /** Distance from one value to the next. */
  readonly width: number;
  /** The greatest value that is not above x. */
  below(x: number): number;
}

/**
 * Linear readings of whole numbers (or of other values on a grid), as readings of the values that the model
 * has learned. The model has learned them spread over their steps, x + u·width, u ~ U[0, 1). So a value
 * becomes y + A·width/2, and its variance grows by A²·width²/12. Bounds of one such value become the ends of
 * the steps of the values that they allow: x > 25 of whole numbers is x + u ≥ 26. `grids` has nothing for a
 * value without steps.
 */
export const spreadSteps = (
  parts: readonly Part[],
  grids: readonly (Steps | undefined)[],
): readonly Part[] =>
  grids.every(grid => grid === undefined)
    ? parts
    : parts.map(part => (part.kind === 'linear' ? spreadPart(part, grids) : part));

function spreadPart(part: LinearPart, grids: readonly (Steps | undefined)[]): Part {
  const size = grids.length;
  const entry = (i: number, d: number) => part.matrix[i * size + d]!;
  const sumOf = (i: number, term: (entry: number, width: number) => number) =>
    grids.reduce((sum, grid, d) => sum + term(entry(i, d), grid?.width ?? 0), 0);
  const middle = (ends: Float64Array) => ends.map((end, i) => end + sumOf(i, (a, w) => (a * w) / 2));
  const { law } = part;
  if (law.kind === 'between') {
    const [low, high] = [middle(law.low), middle(law.high)];
    for (let i = 0; i < part.count; i++) {
      const places = [...grids.keys()].filter(d => entry(i, d) !== 0);
      const grid = places.length === 1 ? grids[places[0]!] : undefined;
      if (!grid) continue;
      const ends = [law.low[i]!, law.high[i]!] as const;
      [low[i], high[i]] = endsOfSteps(ends, law.strict ?? [false, false], entry(i, places[0]!), grid);
    }
    return { ...part, law: { ...law, low, high } };
  }
  const std = law.std.map((each, i) => Math.sqrt(each ** 2 + sumOf(i, (a, w) => (a * w) ** 2 / 12)));
  return { ...part, law: { ...law, value: middle(law.value), std } };
}

type Pair<T> = readonly [low: T, high: T];

/** The bounds of a·(x + u·width) for low < a·x < high (or ≤), x on a grid. */
function endsOfSteps([low, high]: Pair<number>, strict: Pair<boolean>, a: number, grid: Steps): Pair<number> {
  const [from, to] = a > 0 ? [low / a, high / a] : [high / a, low / a];
  const [above, under] = a > 0 ? strict : [strict[1], strict[0]];
  const first = firstAllowed(from, above, grid);
  const last = lastAllowed(to, under, grid);
  const ends = [a * first, a * (last + grid.width)] as const;
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
