import { usage } from '../errors.ts';
import { logAxis } from './log-axis.ts';
import { series } from './style.ts';
import { heading, type Spec, toSvg } from './vega.ts';

/** One point of a loss curve. */
export interface LossPoint {
  /** Step of training. */
  readonly step: number;
  /** The loss at that step. */
  readonly loss: number;
}

/** Distances of samples to the data during training, and the distance between two sets of data. */
export interface QualityPoints {
  /** The distance between two sets of data: smaller distances mean nothing. */
  readonly floor: number;
  /** The distance of samples to data at each step where it was measured. */
  readonly points: readonly {
    /** Step of training. */
    readonly step: number;
    /** The distance. */
    readonly distance: number;
  }[];
}

/** The options of `plotLoss`. */
export interface LossOptions {
  /** A title above the picture. Default: none. */
  readonly title?: string;
  /** Distances of samples, drawn below the loss over the same steps. */
  readonly quality?: QualityPoints;
}

const mostPoints = 1500;
const size = { width: 440, height: 230 };

/**
 * The loss over the steps of training, as an SVG document: as measured (faint), and as its running mean (a
 * Gaussian window of 1/50 of the points). The axis is logarithmic if every loss is positive. Losses that are
 * not finite are left out, and the picture says how many. With `quality` the distance of samples to the data
 * is drawn below, with its floor.
 */
export async function plotLoss(
  points: readonly LossPoint[],
  { title, quality }: LossOptions = {},
): Promise<string> {
  const finite = points.filter(({ step, loss }) => Number.isFinite(step) && Number.isFinite(loss));
  if (finite.length === 0) {
    throw usage('No loss to draw', {
      where: 'plotLoss',
      got: `${points.length} points`,
      expected: 'at least one finite loss',
    });
  }
  const buckets = bucket(finite);
  const omitted = points.length - finite.length;
  const subtitle = omitted > 0 ? { subtitle: `left out as not finite: ${omitted}` } : {};
  const head = heading(title ?? (omitted > 0 ? 'loss' : undefined), subtitle);
  const below = quality !== undefined && quality.points.length > 0;
  const last = Math.max(buckets.at(-1)!.step, ...(quality?.points ?? []).map(({ step }) => step));
  const encoding = {
    x: stepAxis(buckets[0]!.step, last, !below),
    y: positiveAxis(
      'loss',
      buckets.map(({ loss }) => loss),
    ),
  };
  const curve = (values: readonly LossPoint[], mark: Spec): Spec => ({
    data: { values },
    mark: { type: 'line', color: series.data, strokeJoin: 'round', ...mark },
    encoding,
  });
  const layer = [
    curve(buckets, { strokeWidth: 0.8, opacity: 0.3 }),
    curve(smooth(buckets), {
      strokeWidth: 2,
      ...(buckets.length === 1 && { point: { color: series.data } }),
    }),
  ];
  const losses = { ...size, layer };
  if (!below) return toSvg({ ...head, ...losses });
  const panels = [losses, qualityPanel(quality, buckets[0]!.step, last)];
  return toSvg({ ...head, vconcat: panels, spacing: 16, bounds: 'flush' });
}

const stepAxis = (first: number, last: number, labelled = true): Spec => ({
  field: 'step',
  type: 'quantitative',
  scale: { nice: false, domain: first < last ? [first, last] : [first - 1, last + 1] },
  axis: labelled ? { title: 'step', labelExpr: "format(datum.value, '~s')" } : { title: null, labels: false },
});

/** Logarithmic if all values are positive. */
function positiveAxis(field: string, values: readonly number[], title = field): Spec {
  const { scale, axis } = values.every(value => value > 0)
    ? logAxis(values)
    : { scale: { zero: false }, axis: {} };
  return { field, type: 'quantitative', scale, axis: { ...axis, title, grid: true } };
}

function qualityPanel({ floor, points }: QualityPoints, first: number, last: number): Spec {
  const values = points.map(({ distance }) => distance);
  const title = 'distance of samples to data';
  const y = positiveAxis('distance', [...values, floor], title);
  const mark = { type: 'line', color: series.samples, strokeWidth: 2, point: { color: series.samples } };
  const at = [{ distance: floor, text: 'two sets of data' }];
  const label = { type: 'text', align: 'right', baseline: 'bottom', dx: -4, dy: -3, fontSize: 11 };
  return {
    ...size,
    height: 150,
    layer: [
      {
        data: { values: at },
        mark: { type: 'rule', color: series.data, strokeDash: [4, 3] },
        encoding: { y },
      },
      {
        data: { values: at },
        mark: { ...label, color: series.data },
        encoding: { y, x: { value: size.width }, text: { field: 'text' } },
      },
      { data: { values: points }, mark, encoding: { x: stepAxis(first, last), y } },
    ],
  };
}

/** Means over runs of neighbours, so that the picture of a long training stays small. */
function bucket(points: readonly LossPoint[]): LossPoint[] {
  const run = Math.ceil(points.length / mostPoints);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return Array.from({ length: Math.ceil(points.length / run) }, (_, i) => {
    const some = points.slice(i * run, (i + 1) * run);
    return { step: mean(some.map(({ step }) => step)), loss: mean(some.map(({ loss }) => loss)) };
  });
}

/** A Gaussian running mean; at the ends it averages the points that exist. */
export function smooth(points: readonly LossPoint[]): LossPoint[] {
  const width = points.length / 50;
  const reach = Math.ceil(3 * width);
  return points.map(({ step }, i) => {
    let [sum, weights] = [0, 0];
    for (let j = Math.max(0, i - reach); j <= Math.min(points.length - 1, i + reach); j++) {
      const weight = Math.exp(-(((j - i) / width) ** 2) / 2);
      sum += weight * points[j]!.loss;
      weights += weight;
    }
    return { step, loss: sum / weights };
  });
}
