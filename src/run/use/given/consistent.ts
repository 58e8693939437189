import { usage } from '../../../errors.ts';
import type { Part } from '../../../measure/contract.ts';
import { exactRows } from '../../../measure/observe.ts';

/** Part of the size of a row, or of its value, that rounding may leave. */
const ROUNDING = 1e-9;

/**
 * Refuses exact values that no row has together, such as a=1, b=2, a+b=4: on a grid the errors of their steps
 * would hide it. Question marks have no values yet.
 */
export function requireConsistent(parts: readonly Part[]): void {
  const closed = parts.filter(part => !('open' in part && part.open));
  const { matrix, value } = exactRows(closed);
  const size = matrix.length / value.length;
  const kept: { readonly row: Float64Array; readonly value: number; readonly pivot: number }[] = [];
  for (const [i, own] of value.entries()) {
    const row = matrix.slice(i * size, (i + 1) * size);
    const length = greatest(row);
    let [left, scale] = [own, Math.abs(own) + length];
    for (const former of kept) {
      const factor = row[former.pivot]! / former.row[former.pivot]!;
      if (factor === 0) continue;
      for (let d = 0; d < size; d++) row[d]! -= factor * former.row[d]!;
      left -= factor * former.value;
      scale += Math.abs(factor * former.value);
    }
    const most = greatest(row);
    if (most > ROUNDING * length)
      kept.push({ row, value: left, pivot: row.findIndex(x => Math.abs(x) === most) });
    else if (Math.abs(left) > ROUNDING * scale) throw contradiction(closed);
  }
}

const greatest = (row: Float64Array): number => row.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

const contradiction = (parts: readonly Part[]) =>
  usage('The measurements contradict one another', {
    where: parts
      .map(({ text }) => text)
      .slice(0, 4)
      .join('; '),
    remedy: 'Leave one of them out, or give them errors: a=1.5±0.1',
  });
