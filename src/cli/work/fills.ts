import { usage } from '../../errors.ts';
import { meanOf } from '../../math/mean.ts';
import type { Run } from '../../run/run.ts';
import type { Imputed } from '../../run/use/impute.ts';
import type { DataTensor } from '../../tensor/types.ts';
import { type Args, real, text } from '../arguments/values.ts';

/** What may stand in a filled cell. */
const fills = ['median', 'mean', 'draws', 'low', 'high'] as const;
export type Fill = (typeof fills)[number];

/** The option `--fill`. @throws usage for another word */
export function fillOf(args: Args<'fill'>): Fill {
  const fillName = text(args, 'fill') ?? 'median';
  const fill = fills.find(name => name === fillName);
  if (fill) return fill;
  throw usage('The option has a wrong value', { where: '--fill', got: fillName, expected: fills.join(', ') });
}

/** The option `--interval`: the share of the draws between low and high. @throws usage beyond 0 and 1 */
export function intervalOf(args: Args<'interval'>): number {
  const interval = real(args, 'interval', 0) ?? 0.9;
  if (interval > 0 && interval < 1) return interval;
  throw usage('The interval is a share of the draws', {
    where: '--interval',
    got: interval,
    expected: 'above 0 and below 1',
  });
}

/** The rows that are written. */
export function filled(run: Run, { draws, rows }: Imputed, fill: Fill, interval: number): DataTensor {
  const [count, each, width] = draws.shape as [number, number, number];
  if (fill === 'draws') return { data: draws.data, shape: [count * each, width] };
  if (fill === 'median') return rows;
  const share = { mean: Number.NaN, low: (1 - interval) / 2, high: (1 + interval) / 2 }[fill];
  const { transform } = run.config;
  const isCategory = (c: number) => 'cells' in transform && transform.cells[c]!.kind === 'category';
  const data = Float64Array.from(rows.data);
  for (let i = 0; i < data.length; i++) {
    const [row, c] = [Math.floor(i / width), i % width];
    if (isCategory(c)) continue;
    const cellDraws = Float64Array.from(
      { length: each },
      (_, k) => draws.data[(row * each + k) * width + c]!,
    ).sort();
    data[i] = fill === 'mean' ? meanOf(cellDraws) : quantile(cellDraws, share);
  }
  return { data, shape: [count, rows.data.length / count] };
}

/** The quantile of sorted values, between neighbours by their distance. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const [low, part] = [Math.floor(place), place % 1];
  const next = sorted[Math.min(low + 1, sorted.length - 1)]!;
  return part === 0 ? sorted[low]! : sorted[low]! * (1 - part) + next * part;
}
