import type { HostTensor } from '../tensor/types.ts';
import { type AxisWords, roomBelow } from './axis.ts';
import type { ClassColors } from './classes.ts';
import type { DensityGrid } from './density.ts';
import { type Marginal, marginalPanel } from './marginals.ts';
import { heatPanel, type ScatterStyle, scatterPanel } from './panels.ts';
import { principalAxes } from './principal.ts';
import { series } from './style.ts';
import { column, type Table, thin } from './table.ts';
import { row, type Spec } from './vega.ts';
import { evenWindow, type Interval, shownInterval, type Window } from './window.ts';

const mostDots = 20_000;
/** The most columns with a histogram of their own. */
export const mostColumns = 12;

/** Two sets of rows, with their names, density and classes if there are any. */
export interface Pictured {
  readonly data: Table;
  readonly samples: Table;
  readonly names: readonly string[];
  /** What the numbers of each column stand for, if not for themselves. */
  readonly words: readonly (AxisWords | undefined)[];
  readonly density?: DensityGrid | undefined;
  readonly classes?: ClassColors | undefined;
}

/** Classes, data and samples, and densities each have a colour scale of their own. */
const separateColours = { resolve: { scale: { color: 'independent' } } } as const;

type LegendStyle = Pick<ScatterStyle, 'legend'>;

/** Two dimensions: points, and the density if there is one. */
export function plane({ data, samples, names, words, density, classes }: Pictured): Spec {
  const intervalOf = (j: number) => shownInterval([column(data, j), column(samples, j)]);
  const view: Window = density?.y ? { x: density.x, y: density.y } : evenWindow(intervalOf(0), intervalOf(1));
  const style = { classes, legend: density ? 'bottom' : 'right' } as const;
  const panels = pair(data, samples, view, { names, words }, style);
  if (!density) return row(panels);
  const labels = {
    title: 'model density',
    subtitle: cells(density.values),
    x: names[0]!,
    words: wordsOf(words),
  };
  return { ...row([...panels, heatPanel(density.values, view, labels)]), ...separateColours };
}

const wordsOf = ([x, y]: Pictured['words']) => [x, y] as const;

/** The same window and the same number of points for data and samples. */
function pair(
  data: Table,
  samples: Table,
  view: Window,
  { names: [x, y], words }: Pick<Pictured, 'names' | 'words'>,
  { legend, ...style }: Omit<ScatterStyle, 'color'>,
): Spec[] {
  const count = Math.min(data.rows, samples.rows, mostDots);
  const panel = (
    title: keyof typeof series,
    table: Table,
    ordinate: { y?: string },
    legend: LegendStyle = {},
  ) => {
    const dots = thin(table, count);
    const labels = { title, subtitle: census(dots, view), x: x!, words: wordsOf(words), ...ordinate };
    return scatterPanel(dots, view, { ...style, ...legend, color: series[title] }, labels);
  };
  const [first, last] = legend === 'bottom' ? [{ legend }, {}] : [{}, { ...(legend && { legend }) }];
  return [panel('data', data, { y: y! }, first), panel('samples', samples, {}, last)];
}

/**
 * `3,000 points`, and how many of them lie outside the window: a picture must not hide samples that ran away.
 */
function census(table: Table, { x, y }: Window): string {
  const [xs, ys] = [column(table, 0), column(table, 1)];
  const within = (value: number, [min, max]: Interval) => value >= min && value <= max;
  const outside = xs.reduce((sum, value, i) => sum + (within(value, x) && within(ys[i]!, y) ? 0 : 1), 0);
  const points = `${table.rows.toLocaleString('en')} points`;
  return outside > 0 ? `${points}, ${outside.toLocaleString('en')} not shown` : points;
}

/** One dimension: histograms, and the density if there is one. */
export function line({ data, samples, names, words, density }: Pictured): Spec {
  const columns = { data: column(data, 0), samples: column(samples, 0) };
  const interval = density?.x ?? shownInterval([columns.data, columns.samples]);
  const curve: Pick<Marginal, 'density'> = density ? { density: density.values } : {};
  const marginal = { name: names[0]!, words: words[0], ...columns, shown: interval, ...curve };
  return marginalPanel(marginal, { width: 420, height: 220 }, true);
}

/** More dimensions: points along the principal axes, above histograms of the first columns. */
export function many({ data, samples, names, words, classes }: Pictured): Spec {
  const marginals = names.slice(0, mostColumns).map((name, j) => {
    const columns = { data: column(data, j), samples: column(samples, j) };
    const interval = shownInterval([columns.data, columns.samples]);
    return marginalPanel(
      { name, words: words[j], ...columns, shown: interval },
      { width: 120, height: 84 },
      false,
    );
  });
  const { project, shares } = principalAxes(data);
  const [dataDots, sampleDots] = [project(thin(data, mostDots)), project(thin(samples, mostDots))];
  const intervalOf = (j: number) => shownInterval([column(dataDots, j), column(sampleDots, j)]);
  const label = (which: string, share: number) => `${which} principal axis (${Math.round(100 * share)} %)`;
  const view = evenWindow(intervalOf(0), intervalOf(1));
  const axes = [label('first', shares[0]), label('second', shares[1])];
  const scatter = pair(
    dataDots,
    sampleDots,
    view,
    { names: axes, words: [] },
    { size: 256, classes, legend: 'right' },
  );
  const below = 46 + words.slice(0, mostColumns).reduce((most, one) => Math.max(most, roomBelow(one)), 0);
  const histograms = { concat: marginals, columns: 4, spacing: { row: below, column: 16 }, bounds: 'flush' };
  return { vconcat: [row(scatter), histograms], spacing: 24, ...separateColours };
}

const cells = ({ shape }: HostTensor) => `${shape[1]} × ${shape[0]} cells`;
