import { usage } from '../errors.ts';
import type { HostTensor } from '../tensor/types.ts';
import { checkDensity, type DensityGrid } from './density.ts';
import { line, many, plane } from './layouts.ts';
import { asTable } from './table.ts';
import { heading, toSvg } from './vega.ts';

/** What `plotSamples` shows: two sets of one width, and what is known besides. */
export interface SamplesPlot {
  /** `[n, ...D]` */
  readonly data: HostTensor;
  /** `[m, ...D]` */
  readonly samples: HostTensor;
  /** The learned density, for one or two dimensions. It sets the window that is shown. */
  readonly density?: DensityGrid;
  /** Stands above the picture. Default: none. */
  readonly title?: string;
  /** Names of the columns; by default x₁, x₂, … */
  readonly columns?: readonly string[];
}

/**
 * Data beside samples, as an SVG document. Two dimensions: points, as many of the data as of the samples (at most 20 000),
 * and the density as a heat map; one: histograms; more: histograms of the first 12 columns, and points along the first two
 * principal axes of the data.
 */
export async function plotSamples(plot: SamplesPlot): Promise<string> {
  const where = 'plotSamples';
  const [data, samples] = [asTable(plot.data, `${where}: data`), asTable(plot.samples, `${where}: samples`)];
  const { width } = data;
  if (samples.width !== width) {
    throw usage('Data and samples differ in width', {
      where,
      got: samples.width,
      expected: `${width} values a row`,
    });
  }
  checkDensity(plot.density, width);
  const names = Array.from({ length: width }, (_, j) => plot.columns?.[j] ?? `x${subscript(j + 1)}`);
  const panels = width === 2 ? plane : width === 1 ? line : many;
  return toSvg({ ...heading(plot.title), ...panels(data, samples, names, plot.density) });
}

const subscript = (n: number) => String(n).replace(/\d/g, digit => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]!);
