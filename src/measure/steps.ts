import type { LinearPart, Part } from './contract.ts';
import { rowsOfPart } from './read.ts';
import { endsOfSteps, type Steps, spacingOf, stepOf } from './step-ends.ts';

export { type Steps, spacingOf } from './step-ends.ts';

/**
 * Linear readings of whole numbers (or of other values on a grid), as readings of the values that the model
 * has learned. The model has learned them spread over their steps, x + u·width, u ~ U[0, 1). So a value
 * becomes y + A·width/2, and its variance grows by A²·width²/12. An exact value of one column also gets the
 * ends of its step, and an exact value of a sum the distance of the values that the sum can have. Bounds of
 * one such value become the ends of the steps of the values that they allow: x > 25 of whole numbers is x + u
 * ≥ 26. `grids` has nothing for a value without steps.
 */
export const spreadSteps = (
  parts: readonly Part[],
  grids: readonly (Steps | undefined)[],
): readonly Part[] =>
  grids.every(grid => grid === undefined)
    ? parts
    : parts.flatMap(part =>
        part.kind === 'linear' ? rowsOf(part, grids).map(row => spreadPart(row, grids)) : [part],
      );

/** Rows up to which exact values of columns have steps. */
const MOST_ROWS = 16;

/** A part as it is, or row by row if some of its few rows are exact values on a grid. */
function rowsOf(part: LinearPart, grids: readonly (Steps | undefined)[]): LinearPart[] {
  const { law, count, matrix } = part;
  const size = grids.length;
  const row = (i: number) => matrix.subarray(i * size, (i + 1) * size);
  if (count === 1 || count > MOST_ROWS || law.kind === 'between') return [part];
  const isOnGrid = (i: number) => law.std[i] === 0 && spacingOf(row(i), grids) !== undefined;
  const places = Array.from({ length: count }, (_, i) => i);
  return places.some(isOnGrid) ? rowsOfPart(part) : [part];
}

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
  const spread = { ...part, law: { ...law, value: middle(law.value), std } };
  const spacings = [...law.std.keys()].map(i =>
    law.std[i] === 0 ? spacingOf(part.matrix.subarray(i * size, (i + 1) * size), grids) : undefined,
  );
  const logScale = spacings.reduce<number>((sum, each) => sum + (each ? Math.log(each) : 0), 0);
  const places = [...grids.keys()].filter(d => entry(0, d) !== 0);
  const isStep = part.count === 1 && spacings[0] !== undefined && places.length === 1;
  const step = isStep && stepOf(law.value[0]!, entry(0, places[0]!), grids[places[0]!]!);
  return { ...spread, logScale, ...(step && { step }) };
}
