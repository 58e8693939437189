import { cellText, gridsOfTransform } from '../../../data/index.ts';
import { usage } from '../../../errors.ts';
import type { Part } from '../../../measure/contract.ts';
import type { ModelConfig } from '../../folder/config.ts';
import { columnNames } from '../questions.ts';
import { transformOf } from '../units.ts';

/** The exact values of single columns. */
export function valuesOf(part: Part): { readonly c: number; readonly value: number }[] {
  if (part.kind !== 'linear' || part.law.kind !== 'normal' || part.open) return [];
  const { matrix, count, law } = part;
  const size = matrix.length / count;
  return Array.from(law.value, (value, i) => {
    const row = matrix.subarray(i * size, (i + 1) * size);
    const [c, ...others] = [...row.keys()].filter(d => row[d] !== 0);
    return law.std[i] === 0 && c !== undefined && others.length === 0 ? [{ c, value: value / row[c]! }] : [];
  }).flat();
}

/** Part of a step by which a value on the grid may differ from it, by rounding. */
const NEAR = 1e-6;

/** Refuses exact values of a column of a table that lie between the steps of its grid. */
export function requireOnGrid(config: ModelConfig, parts: readonly Part[]): void {
  const transform = transformOf(config);
  if (transform.kind !== 'table') return;
  const grids = gridsOfTransform(transform);
  for (const part of parts)
    for (const { c, value } of valuesOf(part)) {
      const grid = grids[c];
      if (!grid) continue;
      const below = grid.below(value + NEAR * grid.width);
      if (Math.abs(value - below) <= NEAR * grid.width) continue;
      const name = columnNames(transform.width, config.data.columns)[c]!;
      const kind = config.data.kinds?.[c];
      const [low, high] = [below, grid.below(below + 1.5 * grid.width)].map(end =>
        kind ? cellText(kind, undefined, end) : String(end),
      );
      throw usage('The column has no such value', {
        where: 'given',
        got: part.text,
        expected: `a value of "${name}", such as ${low} or ${high}`,
        remedy: `Ask for one of them, for bounds (${low} <= ${name} <= ${high}), or for a reading with an error (±)`,
      });
    }
}
