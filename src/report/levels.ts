import { logAxis } from './log-axis.ts';
import { categorical, ink } from './style.ts';
import { heading, type Spec, subtitled, toSvg } from './vega.ts';

/** A curve over noise levels. */
export interface LevelCurve {
  /** Its name in the legend. */
  readonly name: string;
  /** One value for each level, above 0 to be drawn. */
  readonly values: readonly (number | undefined)[];
}

/** A panel of curves over noise levels. */
export interface LevelPanel {
  /** What the values are. */
  readonly title: string;
  /** The curves. */
  readonly curves: readonly LevelCurve[];
}

/** The headings of `plotLevels`. */
export interface LevelsOptions {
  /** A title above the picture. Default: none. */
  readonly title?: string;
  /** A line below the title. Default: none. */
  readonly subtitle?: string;
}

/**
 * Panels of curves over noise levels σ/α, two in a row, as an SVG document. Both axes are logarithmic. Values
 * that are 0 or missing are left out.
 */
export async function plotLevels(
  noise: readonly number[],
  panels: readonly LevelPanel[],
  { title, subtitle }: LevelsOptions = {},
): Promise<string> {
  const colours = { resolve: { scale: { color: 'independent' } } };
  const charts = panels.map(panel => panelOf(noise, panel));
  const rows = Array.from({ length: Math.ceil(charts.length / 2) }, (_, i) => ({
    hconcat: charts.slice(2 * i, 2 * i + 2),
    spacing: 32,
    ...colours,
  }));
  return toSvg({ ...heading(title, subtitled({ subtitle })), vconcat: rows, spacing: 24, ...colours });
}

function panelOf(noise: readonly number[], { title, curves }: LevelPanel): Spec {
  const values = curves.flatMap(({ name, values }) =>
    values.flatMap((value, i) =>
      value !== undefined && value > 0 && Number.isFinite(value) ? [{ noise: noise[i], name, value }] : [],
    ),
  );
  const axisOf = (numbers: readonly number[], name: string) => {
    const { scale, axis } = logAxis(numbers.length > 0 ? numbers : [1, 10]);
    return { scale, axis: { ...axis, title: name, grid: true, gridColor: ink.grid } };
  };
  const names = curves.map(({ name }) => name);
  return {
    width: 330,
    height: 210,
    title: { text: title, fontSize: 13, anchor: 'start' },
    data: { values },
    mark: { type: 'line', strokeWidth: 2, point: { size: 22 } },
    encoding: {
      x: { field: 'noise', type: 'quantitative', ...axisOf(noise, 'noise σ/α') },
      y: {
        field: 'value',
        type: 'quantitative',
        ...axisOf(
          values.map(({ value }) => value),
          '',
        ),
      },
      color: {
        field: 'name',
        type: 'nominal',
        scale: { domain: names, range: categorical.slice(0, names.length) },
        legend: { title: null, orient: 'bottom' },
      },
    },
  };
}
