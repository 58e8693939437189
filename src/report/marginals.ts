import type { HostTensor } from '../tensor/types.ts';
import { binEdges, type Edges, heights } from './histogram.ts';
import { position } from './panels.ts';
import { ink, series } from './style.ts';
import type { Spec } from './vega.ts';
import type { Interval } from './window.ts';

export interface Marginal {
  readonly name: string;
  readonly data: Float64Array;
  readonly samples: Float64Array;
  readonly shown: Interval;
  /** Values of a density at the centres of equal cells of `shown`, drawn as a line. */
  readonly density?: HostTensor;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Data as a filled histogram with samples as an outline over it, in the same bins, both with area one. */
export function marginalPanel(
  { name, data, samples, shown, density }: Marginal,
  size: Size,
  legend: boolean,
): Spec {
  const edges = binEdges(data, shown);
  const of = { data: heights(data, edges), samples: heights(samples, edges), density: density?.data ?? [0] };
  const tallest = Math.max(...[...of.data, ...of.samples, ...of.density].filter(Number.isFinite));
  const domain: Interval = [Math.min(shown[0], edges[0]!), Math.max(shown[1], edges.at(-1)!)];
  const y = {
    field: 'height',
    type: 'quantitative',
    axis: null,
    scale: { domain: [0, 1.06 * tallest], nice: false },
    stack: null,
  };
  const names = density ? ['data', 'samples', 'density'] : ['data', 'samples'];
  const color = {
    field: 'of',
    type: 'nominal',
    scale: { domain: names, range: [series.data, series.samples, ink.text] },
    legend: legend ? { title: null, orient: 'top-right', symbolType: 'stroke', symbolStrokeWidth: 3 } : null,
  };
  const encoding = { x: position('edge', domain, { title: name, tickCount: 4 }), y, color };
  const outline = { type: 'line', interpolate: 'step-after', strokeWidth: 1.4, strokeJoin: 'miter' };
  const layer: Spec[] = [
    { data: steps(of.data, edges, 'data'), mark: { type: 'area', interpolate: 'step-after', opacity: 0.35 } },
    { data: steps(of.samples, edges, 'samples'), mark: outline },
  ];
  if (density) layer.push({ data: curve(density, shown), mark: { type: 'line', strokeWidth: 1.4 } });
  return { ...size, layer: layer.map(part => ({ ...part, encoding })) };
}

/** The outline of a histogram from zero to zero. */
function steps(tops: readonly number[], edges: Edges, of: string): Spec {
  const start = { edge: edges[0], height: 0, of };
  return { values: [start, ...edges.map((edge, i) => ({ edge, height: tops[i] ?? 0, of }))] };
}

function curve({ data }: HostTensor, [low, high]: Interval): Spec {
  const at = (i: number) => low + ((high - low) * (i + 0.5)) / data.length;
  return { values: Array.from(data, (height, i) => ({ edge: at(i), height, of: 'density' })) };
}
