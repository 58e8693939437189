import { usage } from '../errors.ts';
import type { HostTensor } from '../tensor/types.ts';
import { scatterPanel } from './panels.ts';
import { series } from './style.ts';
import { asTable, column, thin } from './table.ts';
import { heading, row, toSvg } from './vega.ts';
import { evenWindow, shownInterval } from './window.ts';

/** A named set of points in the plane, `[n, 2]`. With `data` it has the colour of data. */
export interface Cloud {
  readonly title: string;
  readonly subtitle?: string;
  readonly x: HostTensor;
  readonly data?: boolean;
}

const mostDots = 10_000;

/** Sets of points side by side, all in the same window, as an SVG document. */
export async function plotClouds(
  clouds: readonly Cloud[],
  { title }: { title?: string } = {},
): Promise<string> {
  const tables = clouds.map(({ x }) => thin(asTable(x, 'plotClouds'), mostDots));
  if (tables.length === 0 || tables.some(({ width }) => width !== 2)) {
    throw usage('No clouds to draw', {
      where: 'plotClouds',
      got: `points of ${tables.map(({ width }) => width).join(', ') || 'no'} values`,
      expected: 'one cloud or more of points [n, 2]',
    });
  }
  const intervalOf = (j: number) => shownInterval(tables.map(table => column(table, j)));
  const view = evenWindow(intervalOf(0), intervalOf(1));
  const panels = clouds.map(({ title: name, subtitle, data }, i) => {
    const labels = {
      title: name,
      ...(subtitle !== undefined && { subtitle }),
      x: 'x₁',
      ...(i === 0 && { y: 'x₂' }),
    };
    return scatterPanel(tables[i]!, view, { color: data ? series.data : series.samples, size: 190 }, labels);
  });
  return toSvg({ ...heading(title), ...row(panels) });
}
