import type { Part } from './contract.ts';

/**
 * Linear readings of whole numbers (or of other values on a grid), as readings of the values that the model
 * has learned. The model has learned them spread over their steps, x + u·width, u ~ U[0, 1). So the reading
 * becomes y + A·width/2, and its variance grows by A²·width²/12. `widths` is 0 for a value without steps.
 */
export const spreadSteps = (parts: readonly Part[], widths: Float64Array): readonly Part[] =>
  widths.every(width => width === 0) ? parts : parts.map(part => spreadPart(part, widths));

function spreadPart(part: Part, widths: Float64Array): Part {
  if (part.kind !== 'linear') return part;
  const size = widths.length;
  const sumOf = (i: number, term: (entry: number, width: number) => number) => {
    let sum = 0;
    for (let d = 0; d < size; d++) sum += term(part.matrix[i * size + d]!, widths[d]!);
    return sum;
  };
  const middle = (ends: Float64Array) => ends.map((end, i) => end + sumOf(i, (a, w) => (a * w) / 2));
  const { law } = part;
  if (law.kind === 'between')
    return { ...part, law: { ...law, low: middle(law.low), high: middle(law.high) } };
  const std = law.std.map((each, i) => Math.sqrt(each ** 2 + sumOf(i, (a, w) => (a * w) ** 2 / 12)));
  return { ...part, law: { ...law, value: middle(law.value), std } };
}
