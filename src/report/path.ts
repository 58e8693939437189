import { usage } from '../errors.ts';
import type { HostTensor } from '../tensor/types.ts';
import { scatterPanel } from './panels.ts';
import { series } from './style.ts';
import { asTable, column, thin } from './table.ts';
import { heading, row, toSvg } from './vega.ts';
import { evenWindow, type Interval, shownInterval } from './window.ts';

/** Points in the plane at one time. */
export interface PathFrame {
  /** The time; the title of the panel. */
  readonly t: number;
  /** The points, `[n, 2]`. */
  readonly x: HostTensor;
}

const mostDots = 10_000;

/**
 * How points of the plane move from the prior to the data, one panel for each of `frames`. All panels show
 * the same window. It is the window of the last frame, extended towards the first frame by at most its own
 * length at each end: so a wide prior does not shrink the data to a point. There are at most 8 panels, evenly
 * chosen, with the first and the last frame among them.
 */
export async function plotPath(
  frames: readonly PathFrame[],
  { title, columns = ['x₁', 'x₂'] }: { title?: string; columns?: readonly string[] } = {},
): Promise<string> {
  const count = Math.min(8, frames.length);
  const panelFrames = Array.from(
    { length: count },
    (_, i) => frames[Math.round((i * (frames.length - 1)) / Math.max(1, count - 1))]!,
  );
  const tables = panelFrames.map(({ x }) => thin(asTable(x, 'plotPath'), mostDots));
  const [first, last] = [tables[0], tables.at(-1)];
  if (!first || !last || tables.some(({ width }) => width !== 2)) {
    const got = first ? `points of ${tables.map(({ width }) => width).join(', ')} values` : 'no frames';
    throw usage('No path to draw', {
      where: 'plotPath',
      got,
      expected: 'one frame or more of points [n, 2]',
    });
  }
  const intervalOf = (j: number) =>
    reaching(shownInterval([column(last, j)]), shownInterval([column(first, j)]));
  const view = evenWindow(intervalOf(0), intervalOf(1));
  const label = (t: number) => `t = ${Number(t.toPrecision(3))}`;
  const panels = tables.map((table, i) =>
    scatterPanel(
      table,
      view,
      { color: series.samples, size: 150 },
      { title: label(panelFrames[i]!.t), x: columns[0]!, ...(i === 0 && { y: columns[1]! }) },
    ),
  );
  return toSvg({ ...heading(title), ...row(panels) });
}

const reaching = ([low, high]: Interval, [start, end]: Interval): Interval => [
  Math.max(low - (high - low), Math.min(low, start)),
  Math.min(high + (high - low), Math.max(high, end)),
];
