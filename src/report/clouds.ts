import { usage } from '../errors.ts';
import type { HostTensor } from '../tensor/types.ts';
import { scatterPanel } from './panels.ts';
import { series } from './style.ts';
import { asTable, column, thin } from './table.ts';
import { heading, row, toSvg } from './vega.ts';
import { evenWindow, shownInterval } from './window.ts';

/** A named set of points in the plane. */
export interface Cloud {
  /** The name above the points. */
  readonly title: string;
  /** A line below the name. Default: none. */
  readonly subtitle?: string;
  /** The points, [n, 2]; at most 10,000 are drawn. */
  readonly x: HostTensor;
  /** Whether these are data, drawn in their colour. Default false. */
  readonly data?: boolean;
}

const mostDots = 10_000;

/**
 * Sets of points side by side, all in the same window, as an SVG document, with an optional title above.
 * @throws usage for no sets, and for points that are not in the plane
 */
export async function plotClouds(
  clouds: readonly Cloud[],
  { title }: { readonly title?: string } = {},
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
