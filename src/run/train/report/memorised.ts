import { deviationOf } from '../../../math/mean.ts';
import { memorisation } from '../../../quality/index.ts';
import type { Report } from '../../folder/report.ts';
import type { RowSets } from './fidelity.ts';
import { columnOf } from './rows.ts';

/**
 * Whether samples repeat training rows, in standard deviations of each column. Categories that differ are √2
 * apart. Rows with missing cells are left out.
 */
export function memorised(
  { training, heldOut, samples }: RowSets,
  categories: readonly boolean[],
): Report['memorisation'] {
  const width = categories.length;
  const scales = categories.map((_, c) => deviationOf(columnOf(training, c, width)) || 1);
  const kinds = categories.map((isCategory, c) =>
    isCategory ? [...new Set(training.filter((_, i) => i % width === c))] : undefined,
  );
  const pointsOf = (values: Float64Array) => {
    const rows: number[][] = [];
    for (let at = 0; at < values.length; at += width) {
      const row = values.subarray(at, at + width);
      if (row.some(Number.isNaN)) continue;
      rows.push(
        [...row].flatMap((value, c) => kinds[c]?.map(k => (k === value ? 1 : 0)) ?? [value / scales[c]!]),
      );
    }
    return { data: Float64Array.from(rows.flat()), shape: [rows.length, rows[0]?.length ?? 0] };
  };
  const [known, fresh, drawn] = [pointsOf(training), pointsOf(heldOut), pointsOf(samples)];
  if ([known, fresh, drawn].some(({ shape }) => shape[0]! < 2)) return null;
  return memorisation(known, fresh, drawn);
}
