import { usage } from '../errors.ts';
import { logAxis } from './log-axis.ts';
import { categorical, ink } from './style.ts';
import { heading, row, type Spec, toSvg } from './vega.ts';

/** The result of one solver at one effort. */
export interface WorkPrecisionRow {
  /** The name of the curve. */
  readonly solver: string;
  /** Evaluations of the score for each sample. */
  readonly evaluations: number;
  /** Wall time in seconds. */
  readonly seconds: number;
  /** The error of the result, above 0. */
  readonly error: number;
}

/** The options of `plotWorkPrecision`. */
export interface WorkPrecisionOptions {
  /** A title above the picture. Default: none. */
  readonly title?: string;
  /** What the error measures, as the title of the axis; default `error`. */
  readonly error?: string;
  /** The smallest error that can be measured, drawn as a dashed line. */
  readonly floor?: number;
}

/**
 * Error over evaluations and over seconds, with both axes logarithmic and a curve for each solver, as an SVG
 * document. Lower left is better; the slope over evaluations is the order of convergence. `floor` is a dashed
 * line. Rows with a value that is not positive and finite are left out.
 */
export async function plotWorkPrecision(
  rows: readonly WorkPrecisionRow[],
  { title, error = 'error', floor }: WorkPrecisionOptions = {},
): Promise<string> {
  const drawable = rows.filter(r =>
    [r.evaluations, r.seconds, r.error].every(v => v > 0 && Number.isFinite(v)),
  );
  if (drawable.length === 0) {
    throw usage('No row to draw', {
      where: 'plotWorkPrecision',
      got: `${rows.length} rows`,
      expected: 'a row with positive, finite evaluations, seconds and error',
    });
  }
  const omitted = rows.length - drawable.length;
  const subtitle = omitted > 0 ? { subtitle: `left out as not positive and finite: ${omitted}` } : {};
  const y = logAxis([...drawable.map(r => r.error), ...(floor === undefined ? [] : [floor])]);
  const ordinate = (name: string | null): Spec => ({
    field: 'error',
    type: 'quantitative',
    scale: y.scale,
    axis: { ...y.axis, grid: true, title: name, ...(name === null && { labels: false }) },
  });
  const panels = [
    panel(drawable, 'evaluations', 'score evaluations', ordinate(error), floor),
    panel(drawable, 'seconds', 'seconds', ordinate(null), floor),
  ];
  const head = heading(title ?? (omitted > 0 ? 'work and precision' : undefined), subtitle);
  return toSvg({ ...head, data: { values: drawable }, ...row(panels) });
}

function panel(
  rows: readonly WorkPrecisionRow[],
  field: 'evaluations' | 'seconds',
  name: string,
  y: Spec,
  floor?: number,
): Spec {
  const x = logAxis(rows.map(r => r[field]));
  const solvers = [...new Set(rows.map(r => r.solver))];
  const key = (range: Spec | readonly string[]): Spec => ({
    field: 'solver',
    type: 'nominal',
    scale: { domain: solvers, range },
    legend: { title: null, offset: 14, symbolSize: 70, rowPadding: 4 },
  });
  const curves: Spec = {
    mark: {
      type: 'line',
      strokeWidth: 1.8,
      strokeJoin: 'round',
      point: { size: 38, filled: true, opacity: 1 },
    },
    encoding: {
      x: {
        field,
        type: 'quantitative',
        scale: x.scale,
        axis: { ...x.axis, title: name, grid: true },
      },
      y,
      order: { field: 'evaluations' },
      color: key(categorical),
      shape: key(['circle', 'square', 'triangle-up', 'diamond', 'triangle-down', 'cross']),
    },
  };
  if (floor === undefined) return { width: 250, height: 250, ...curves };
  const line: Spec = {
    data: { values: [{ floor }] },
    mark: { type: 'rule', strokeDash: [4, 3], color: ink.muted },
    encoding: { y: { ...y, field: 'floor' } },
  };
  return { width: 250, height: 250, layer: [line, curves] };
}
