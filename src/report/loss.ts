import { usage } from '../errors.ts';
import { logAxis } from './log-axis.ts';
import { series } from './style.ts';
import { heading, type Spec, toSvg } from './vega.ts';

export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}

const mostPoints = 1500;

/**
 * The loss over the steps of training, as an SVG document: as measured (faint) and as its running mean (a Gaussian window
 * of 1/50 of the points). The axis is logarithmic where every loss is positive. Losses that are not finite are left out, and said so.
 */
export async function plotLoss(
  points: readonly LossPoint[],
  { title }: { title?: string } = {},
): Promise<string> {
  const finite = points.filter(({ step, loss }) => Number.isFinite(step) && Number.isFinite(loss));
  if (finite.length === 0) {
    throw usage('No loss to draw', {
      where: 'plotLoss',
      got: `${points.length} points`,
      expected: 'at least one finite loss',
    });
  }
  const measured = bucket(finite);
  const left = points.length - finite.length;
  const subtitle = left > 0 ? { subtitle: `left out as not finite: ${left}` } : {};
  const head = heading(title ?? (left > 0 ? 'loss' : undefined), subtitle);
  const logarithmic = measured.every(({ loss }) => loss > 0);
  const axis = logarithmic ? logAxis(measured.map(({ loss }) => loss)) : { scale: { zero: false }, axis: {} };
  const encoding = {
    x: {
      field: 'step',
      type: 'quantitative',
      scale: { nice: false },
      axis: { title: 'step', labelExpr: "format(datum.value, '~s')" },
    },
    y: {
      field: 'loss',
      type: 'quantitative',
      scale: axis.scale,
      axis: { ...axis.axis, title: 'loss', grid: true },
    },
  };
  const curve = (values: readonly LossPoint[], mark: Spec): Spec => ({
    data: { values },
    mark: { type: 'line', color: series.data, strokeJoin: 'round', ...mark },
    encoding,
  });
  const layer = [
    curve(measured, { strokeWidth: 0.8, opacity: 0.3 }),
    curve(smooth(measured), {
      strokeWidth: 2,
      ...(measured.length === 1 && { point: { color: series.data } }),
    }),
  ];
  return toSvg({ ...head, width: 440, height: 230, layer });
}

/** Means over runs of neighbours, so that long trainings stay small pictures. */
function bucket(points: readonly LossPoint[]): LossPoint[] {
  const run = Math.ceil(points.length / mostPoints);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return Array.from({ length: Math.ceil(points.length / run) }, (_, i) => {
    const some = points.slice(i * run, (i + 1) * run);
    return { step: mean(some.map(({ step }) => step)), loss: mean(some.map(({ loss }) => loss)) };
  });
}

/** Gaussian running mean; at the ends over what there is. */
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
