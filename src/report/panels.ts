import type { HostTensor } from '../tensor/types.ts';
import { type AxisWords, onAxis, position, upright } from './axis.ts';
import { type ClassColors, classLegend } from './classes.ts';
import { dataUrl, heatRaster, type Raster, scatterRaster } from './raster.ts';
import { densityStops, font, ink, panelSide, pixelsPerUnit } from './style.ts';
import { column, type Table } from './table.ts';
import type { Spec } from './vega.ts';
import type { Window } from './window.ts';

export interface Labels {
  readonly title: string;
  readonly subtitle?: string;
  readonly x: string;
  /** Without it the panel has no labels along y, since it shares the axis of the panel to its left. */
  readonly y?: string;
  /** What the numbers along x and y stand for, if not for themselves. */
  readonly words?: readonly [x: AxisWords | undefined, y: AxisWords | undefined];
  /** Colour of the title, which serves as a legend. */
  readonly color?: string;
}

/** How points are drawn. */
export interface ScatterStyle {
  /** Colour of the title, and of all points without classes. */
  readonly color: string;
  /** Side of the panel; default `panelSide`. */
  readonly size?: number;
  /** Classes and their colours, for a table with classes. */
  readonly classes?: ClassColors | undefined;
  /** Position of the legend of the classes; by default there is none. */
  readonly legend?: 'right' | 'bottom';
}

/** The first two columns of a table as points. */
export function scatterPanel(table: Table, view: Window, style: ScatterStyle, labels: Labels): Spec {
  const { color, size = panelSide, classes, legend } = style;
  const paint =
    classes && table.classes ? { colors: classes.colors, of: table.classes } : { colors: [color] };
  const raster = scatterRaster(column(table, 0), column(table, 1), view, paint, size * pixelsPerUnit);
  const names = classes && legend ? [classLegend(classes, legend)] : [];
  return panel([picture(raster, labels.title, size), ...names], view, { ...labels, color }, size);
}

/** A density `[ny, nx]` as a heat map with its colour bar. */
export function heatPanel(values: HostTensor, view: Window, labels: Labels, size = panelSide): Spec {
  let most = 0;
  for (const value of values.data) if (value > most && value < Infinity) most = value;
  const greatest = most || 1;
  const raster = heatRaster(values, greatest, size * pixelsPerUnit);
  return panel([picture(raster, labels.title, size), colorBar(greatest, size)], view, labels, size);
}

function panel(layer: readonly Spec[], view: Window, labels: Labels, size: number): Spec {
  const { title, subtitle, color = ink.text, words: [ofX, ofY] = [undefined, undefined] } = labels;
  const y = labels.y === undefined ? { labels: false, title: null } : { title: labels.y, ...short(labels.y) };
  const scales = {
    data: { values: [{ x: onAxis(ofX, view.x[0]), y: onAxis(ofY, view.y[0]) }] },
    mark: { type: 'point', opacity: 0 },
    encoding: {
      x: position('x', view.x, { title: labels.x, ...upright(ofX) }, ofX),
      y: position('y', view.y, y, ofY),
    },
  };
  return {
    width: size,
    height: size,
    layer: [
      ...layer,
      scales,
      border(size),
      above(title, { y: subtitle === undefined ? -8 : -22, fontSize: 13, fontWeight: 600, color }),
      ...(subtitle === undefined ? [] : [above(subtitle, { y: -8, fontSize: 11, color: ink.muted })]),
    ],
  };
}

/** Titles as marks, since Vega moves its own titles according to the estimated size of the axes. */
export const above = (text: string, style: Spec): Spec => ({
  data: { values: [{}] },
  mark: { type: 'text', text, x: 0, align: 'left', baseline: 'alphabetic', font, ...style },
});

/** Short names stand upright next to the axis. */
const short = (name: string): Spec =>
  name.length > 2 ? {} : { titleAngle: 0, titleAlign: 'right', titleBaseline: 'middle' };

/** Drawn last, since a raster covers the frame of its panel. */
const border = (size: number): Spec => ({
  data: { values: [{}] },
  mark: { type: 'rect', x: 0, y: 0, x2: size, y2: size, fill: null, stroke: ink.line, strokeWidth: 0.75 },
});

/**
 * A raster that fills its panel. Without a description Vega would use the whole encoded image as description.
 */
const picture = (raster: Raster, description: string, size: number): Spec => ({
  data: { values: [{ url: dataUrl(raster) }] },
  mark: {
    type: 'image',
    description,
    x: 0,
    y: 0,
    width: size,
    height: size,
    align: 'left',
    baseline: 'top',
    aspect: false,
  },
  encoding: { url: { field: 'url', type: 'nominal' } },
});

/** Two invisible marks: they only produce the colour bar. */
const colorBar = (greatest: number, size: number): Spec => ({
  data: { values: [{ density: 0 }, { density: greatest }] },
  mark: { type: 'point', opacity: 0, x: 0, y: 0 },
  encoding: {
    color: {
      field: 'density',
      type: 'quantitative',
      scale: { domain: [0, greatest], range: densityStops },
      legend: {
        title: null,
        gradientLength: size,
        gradientThickness: 9,
        gradientStrokeColor: ink.line,
        gradientStrokeWidth: 0.75,
        gradientOpacity: 1,
        tickCount: 4,
        offset: 10,
        padding: 0,
      },
    },
  },
});
