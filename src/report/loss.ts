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

/** The log-likelihood of validation rows during training. */
export interface ValidationPoints {
  /** The mean where it was measured, in nats a row; at step 0 that of the start. */
  readonly points: readonly {
    /** Step of training. */
    readonly step: number;
    /** Nats a row. */
    readonly nats: number;
  }[];
  /** The step whose weights the run uses. */
  readonly best: number;
  /** The nats of a mixture that the run uses instead of a network. */
  readonly mixture?: number | undefined;
}

/** The options of `plotLoss`. */
export interface LossOptions {
  /** A title above the picture. Default: none. */
  readonly title?: string;
  /** Distances of samples, drawn below the loss over the same steps. */
  readonly quality?: QualityPoints;
  /** Nats of validation rows, drawn below the loss over the same steps, with the step that was chosen. */
  readonly validation?: ValidationPoints;
}

const mostPoints = 1500;
const size = { width: 440, height: 230 };

/**
 * The loss over the steps of training, as an SVG document: as measured (faint), and as its running mean (a
 * Gaussian window of 1/50 of the points). The axis is logarithmic if every loss is positive. Losses that are
 * not finite are left out, and the picture says how many. With `validation` the nats of validation rows are
 * drawn below, with the step that was chosen; with `quality` the distance of samples to the data, with its
 * floor.
 */
export async function plotLoss(
  points: readonly LossPoint[],
  { title, quality, validation }: LossOptions = {},
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
  const steps = [...(quality?.points ?? []), ...(validation?.points ?? [])].map(({ step }) => step);
  const [first, last] = [Math.min(buckets[0]!.step, ...steps), Math.max(buckets.at(-1)!.step, ...steps)];
  const below = [
    ...(validation && validation.points.length > 0 ? [validationCurve(validation)] : []),
    ...(quality && quality.points.length > 0 ? [qualityCurve(quality)] : []),
  ];
  const encoding = {
    x: stepAxis(first, last, below.length === 0),
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
  if (below.length === 0) return toSvg({ ...head, ...losses });
  const panels = below.map((curve, i) => panelBelow(curve, first, last, i === below.length - 1));
  return toSvg({ ...head, vconcat: [losses, ...panels], spacing: 16, bounds: 'flush' });
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

/** A curve below the loss, with a level to compare it with and a step to mark. */
interface CurveBelow {
  readonly title: string;
  readonly points: readonly { readonly step: number; readonly value: number }[];
  readonly level: { readonly value: number; readonly text: string };
  readonly mark?: number;
}

const qualityCurve = ({ floor, points }: QualityPoints): CurveBelow => ({
  title: 'distance of samples to data',
  points: points.map(({ step, distance }) => ({ step, value: distance })),
  level: { value: floor, text: 'two sets of data' },
});

const validationCurve = ({ points, best, mixture }: ValidationPoints): CurveBelow => {
  const start = points[0]!.step === 0 ? 'the start: a Gaussian' : 'the first value';
  const level = { value: points[0]!.nats, text: start };
  return {
    title: 'nats of validation rows',
    points: points.map(({ step, nats }) => ({ step, value: nats })),
    ...(mixture === undefined
      ? { level, mark: best }
      : { level: { value: mixture, text: 'a mixture, which is kept' } }),
  };
};

function panelBelow(
  { title, points, level, mark }: CurveBelow,
  first: number,
  last: number,
  lowest: boolean,
): Spec {
  const y = positiveAxis('value', [...points.map(({ value }) => value), level.value], title);
  const line = {
    type: 'line',
    color: series.samples,
    strokeWidth: 2,
    point: { color: series.samples, size: 12 },
  };
  const label = { type: 'text', align: 'right', baseline: 'bottom', dx: -4, dy: -3, fontSize: 11 };
  const x = stepAxis(first, last, lowest);
  const marker = {
    data: { values: [{ step: mark }] },
    mark: { type: 'rule', color: series.samples, strokeDash: [2, 3] },
  };
  return {
    ...size,
    height: 150,
    layer: [
      {
        data: { values: [level] },
        mark: { type: 'rule', color: series.data, strokeDash: [4, 3] },
        encoding: { y },
      },
      {
        data: { values: [level] },
        mark: { ...label, color: series.data },
        encoding: { y, x: { value: size.width }, text: { field: 'text' } },
      },
      ...(mark === undefined ? [] : [{ ...marker, encoding: { x } }]),
      { data: { values: points }, mark: line, encoding: { x, y } },
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
