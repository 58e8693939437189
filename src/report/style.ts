/**
 * One palette for every picture: cool colours are data, warm colours are the model, greys are everything
 * else. Readable with colour blindness.
 */
export const ink = {
  text: '#2b3440',
  muted: '#66717d',
  line: '#b3bbc4',
  grid: '#edf0f3',
  paper: '#ffffff',
} as const;

export const series = { data: '#35618f', samples: '#c8502d' } as const;

/** Colours of named curves, in the order of their appearance. */
export const categorical = [
  '#35618f',
  '#c8502d',
  '#3d8c6e',
  '#d29a2e',
  '#7b5aa6',
  '#4fa3bf',
  '#a8476e',
  '#7d7f2f',
  '#2f2f2f',
  '#e39bb5',
  '#8a5a3c',
  '#9aa3ad',
] as const;

/**
 * Colours of the density ramp at equal distances: from white at zero to the dark end of the colour of the
 * model, with even steps.
 */
export const densityStops = [
  '#ffffff',
  '#fde5d2',
  '#f7b790',
  '#e5784e',
  '#b93c3b',
  '#731f3f',
  '#2d0f2e',
] as const;

export const font = 'Source Sans 3, Source Sans Pro, Helvetica Neue, Arial, sans-serif';

/** Side of a square panel in user units. */
export const panelSide = 230;

/** Pixels for each user unit, in rasterised layers and in PNG files. */
export const pixelsPerUnit = 2;

const small = { labelFont: font, titleFont: font, labelColor: ink.muted, titleColor: ink.text };

/** Configuration of Vega-Lite shared by all plots. */
export const plotConfig = {
  background: ink.paper,
  padding: 12,
  font,
  view: { stroke: ink.line, strokeWidth: 0.75 },

  axis: {
    ...small,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 6,
    labelPadding: 3,
    domain: false,
    tickColor: ink.line,
    tickWidth: 0.75,
    tickSize: 4,
    tickCount: 5,
    grid: false,
    gridColor: ink.grid,
    gridWidth: 0.75,
    labelOverlap: true,
    labelFlush: false,
  },
  axisY: { titlePadding: 0 },
  legend: {
    ...small,
    labelColor: ink.text,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    symbolStrokeWidth: 2,
    labelLimit: 220,
    symbolOpacity: 1,
  },
  title: {
    font,
    subtitleFont: font,
    fontSize: 13,
    fontWeight: 600,
    color: ink.text,
    subtitleColor: ink.muted,
    subtitleFontSize: 11,
    subtitlePadding: 2,
    anchor: 'start',
    frame: 'group',
    offset: 7,
  },
} as const;
