import { usage } from '../errors.ts';
import type { HostTensor } from '../tensor/types.ts';
import type { AxisWords } from './axis.ts';
import { classColors, type PointClasses } from './classes.ts';
import { checkDensity, type DensityGrid } from './density.ts';
import { line, many, mostColumns, plane } from './layouts.ts';
import { asTable, type Table } from './table.ts';
import { heading, subtitled, toSvg } from './vega.ts';

/** What `plotSamples` shows: data and samples of one width, with optional density, classes and names. */
export interface SamplesPlot {
  /** The data, `[n, ...D]`. */
  readonly data: HostTensor;
  /** The samples, `[m, ...D]`. */
  readonly samples: HostTensor;
  /** The learned density, for one or two dimensions. It sets the window that is shown. */
  readonly density?: DensityGrid;
  /** Stands above the picture. Default: none. */
  readonly title?: string;
  /** A line below the title. */
  readonly subtitle?: string;
  /**
   * Classes of the points, each in a colour of its own, with a legend. More than 10 classes are not
   * coloured.
   */
  readonly classes?: PointClasses;
  /** Names of the columns; by default x₁, x₂, … */
  readonly columns?: readonly string[];
  /** What the numbers of each column stand for: dates, or names; undefined for themselves. */
  readonly words?: readonly (AxisWords | undefined)[];
}

/**
 * Data beside samples, as an SVG document. Two dimensions: points, as many of the data as of the samples (at
 * most 20 000), and the density as a heat map; one: histograms; more: histograms of the first 12 columns, and
 * points along the first two principal axes of the data.
 */
export async function plotSamples(plot: SamplesPlot): Promise<string> {
  const where = 'plotSamples';
  const [data, samples] = [classified(plot, 'data'), classified(plot, 'samples')];
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
  const classes = plot.classes && classColors(plot.classes);
  const pictured = { data, samples, names, words: plot.words ?? [], density: plot.density, classes };
  const subtitle = withHidden(plot.subtitle, width);
  return toSvg({ ...heading(plot.title, subtitled({ subtitle })), ...panels(pictured) });
}

/** A subtitle that says how many columns have no histogram. */
function withHidden(subtitle: string | undefined, width: number): string | undefined {
  if (width <= mostColumns) return subtitle;
  const shown = `the first ${mostColumns} of ${width} columns`;
  return subtitle === undefined ? shown : `${subtitle}; ${shown}`;
}

/** The rows of one side with the class of each, where it has classes. */
function classified({ classes, ...plot }: SamplesPlot, side: 'data' | 'samples'): Table {
  const where = `plotSamples: ${side}`;
  const table = asTable(plot[side], where);
  if (!classes) return table;
  const [of, most] = [classes[side], classes.names.length - 1];
  const invalid = Array.from(of).find(k => !(Number.isInteger(k) && k >= 0 && k <= most));
  if (of.length === table.rows && invalid === undefined) return { ...table, classes: of };
  throw usage('The classes do not fit the points', {
    where,
    got: invalid ?? `${of.length} classes for ${table.rows} points`,
    expected: `a whole number from 0 to ${most} for each point`,
  });
}

const subscript = (n: number) => String(n).replace(/\d/g, digit => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]!);
