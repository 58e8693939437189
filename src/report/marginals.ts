import type { HostTensor } from '../tensor/types.ts';
import { type AxisWords, onAxis, position, upright } from './axis.ts';
import { binEdges, type Edges, heights } from './histogram.ts';
import { ink, series } from './style.ts';
import type { Spec } from './vega.ts';
import type { Interval } from './window.ts';

export interface Marginal {
  readonly name: string;
  readonly data: Float64Array;
  readonly samples: Float64Array;
  readonly shown: Interval;
  /** What the numbers stand for, if not for themselves. */
  readonly words?: AxisWords | undefined;
  /** Values of a density at the centres of equal cells of `shown`, drawn as a line. */
  readonly density?: HostTensor;
}

/** Names have ticks of their own; dates are longer than numbers. */
const ticks = (words: AxisWords | undefined): Spec =>
  words?.kind === 'names' ? {} : { tickCount: words ? 3 : 4 };

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Data as a filled histogram with samples as an outline over it, in the same bins, both with area one. */
export function marginalPanel(
  { name, data, samples, shown, density, words }: Marginal,
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
  const x = position('edge', domain, { title: name, ...ticks(words), ...upright(words) }, words);
  const encoding = { x, y, color };
  const values = (points: readonly Point[]) => ({
    values: points.map(point => ({ ...point, edge: onAxis(words, point.edge) })),
  });
  const outline = { type: 'line', interpolate: 'step-after', strokeWidth: 1.4, strokeJoin: 'miter' };
  const layer: Spec[] = [
    {
      data: values(steps(of.data, edges, 'data')),
      mark: { type: 'area', interpolate: 'step-after', opacity: 0.35 },
    },
    { data: values(steps(of.samples, edges, 'samples')), mark: outline },
  ];
  if (density) layer.push({ data: values(curve(density, shown)), mark: { type: 'line', strokeWidth: 1.4 } });
  return { ...size, layer: layer.map(part => ({ ...part, encoding })) };
}

interface Point {
  readonly edge: number;
  readonly height: number;
  readonly of: string;
}

/** The outline of a histogram from zero to zero. */
function steps(tops: readonly number[], edges: Edges, of: string): Point[] {
  const start = { edge: edges[0]!, height: 0, of };
  return [start, ...edges.map((edge, i) => ({ edge, height: tops[i] ?? 0, of }))];
}

function curve({ data }: HostTensor, [low, high]: Interval): Point[] {
  const at = (i: number) => low + ((high - low) * (i + 0.5)) / data.length;
  return Array.from(data, (height, i) => ({ edge: at(i), height, of: 'density' }));
}
