import { usage } from '../errors.ts';
import { ink, series } from './style.ts';
import { heading, type Spec, subtitled, toSvg } from './vega.ts';

/** The ranks of one number of the truths among their draws. */
export interface RankCounts {
  /** The ranked number, such as a column. */
  readonly name: string;
  /** Truths in each bin of ranks. */
  readonly counts: readonly number[];
  /** p-value of equal counts. */
  readonly pValue: number;
  /** Part of the truths inside the central 50, 80 and 95 % intervals of their draws. */
  readonly coverage: readonly number[];
}

/** What `plotCalibration` draws. */
export interface CalibrationPlot {
  /** Number of truths. */
  readonly truths: number;
  /** One row for each number that was ranked. */
  readonly rows: readonly RankCounts[];
}

/** The headings of `plotCalibration`. */
export interface CalibrationPlotOptions {
  /** A title above the picture. Default: none. */
  readonly title?: string;
  /** A line below the title. Default: none. */
  readonly subtitle?: string;
}

const LEVELS = [0.5, 0.8, 0.95];
const [WIDTH, HEIGHT] = [210, 150];
/** Panels side by side. */
const ACROSS = 3;
/** Two-sided 95 % of a normal law. */
const NEARLY_ALL = 1.96;

/**
 * The ranks of the truths among their draws, one panel for each number: right answers have equal bars, 95 %
 * of them inside the band. Draws that are too narrow make a valley, draws that are too wide a hill, a bias a
 * slope. The last panel has the coverage of intervals against their level, with the band of 95 % of right
 * answers. An SVG document.
 * @throws usage for a calibration without rows
 */
export async function plotCalibration(
  { truths, rows }: CalibrationPlot,
  { title, subtitle }: CalibrationPlotOptions = {},
): Promise<string> {
  if (rows.length === 0) throw usage('No ranks to draw', { where: 'plotCalibration' });
  const panels = [...rows.map(row => rankPanel(row, truths)), coveragePanel(rows, truths)];
  const lines = Array.from({ length: Math.ceil(panels.length / ACROSS) }, (_, i) => ({
    hconcat: panels.slice(i * ACROSS, (i + 1) * ACROSS),
    spacing: 64,
    bounds: 'flush',
  }));
  return toSvg({ ...heading(title, subtitled({ subtitle })), vconcat: lines, spacing: 24 });
}

/** The range of 95 % of shares that have the probability `share`, of n truths. */
function bandOf(share: number, n: number): [low: number, high: number] {
  const reach = NEARLY_ALL * Math.sqrt((share * (1 - share)) / n);
  return [Math.max(0, share - reach), share + reach];
}

function rankPanel({ name, counts, pValue }: RankCounts, truths: number): Spec {
  const [low, high] = bandOf(1 / counts.length, truths);
  const bars = counts.map((count, i) => ({
    from: i / counts.length,
    to: (i + 1) / counts.length,
    count,
  }));
  const top = 1.05 * Math.max(1.2 * high * truths, ...counts);
  const count = { type: 'quantitative', scale: { domain: [0, top] }, axis: { title: 'truths' } };
  return {
    ...frame(`${name}, p = ${pValue.toPrecision(2)}`),
    layer: [
      {
        data: { values: bars },
        mark: { type: 'rect', color: series.samples, opacity: 0.75, stroke: ink.paper },
        encoding: {
          x: { field: 'from', type: 'quantitative', axis: { title: 'rank of the truth' } },
          x2: { field: 'to' },
          y: { field: 'count', ...count },
          y2: { datum: 0 },
        },
      },
      {
        data: { values: [{ from: 0, to: 1, low: low * truths, high: high * truths }] },
        mark: { type: 'rect', color: ink.muted, opacity: 0.22 },
        encoding: {
          x: { field: 'from', type: 'quantitative' },
          x2: { field: 'to' },
          y: { field: 'low', ...count },
          y2: { field: 'high' },
        },
      },
    ],
  };
}

/** Shares inside intervals against the level of the intervals. */
function coveragePanel(rows: readonly RankCounts[], truths: number): Spec {
  const points = rows.flatMap(({ coverage }) =>
    LEVELS.map((level, k) => ({ level: 100 * level, share: 100 * coverage[k]! })),
  );
  const band = Array.from({ length: 41 }, (_, i) => {
    const level = 0.4 + (0.6 * i) / 40;
    const [low, high] = bandOf(level, truths);
    return { level: 100 * level, low: 100 * low, high: 100 * Math.min(1, high) };
  });
  const across = { field: 'level', type: 'quantitative', scale: { domain: [40, 100] } };
  const least = Math.min(40, ...points.map(({ share }) => share));
  const up = { type: 'quantitative', scale: { domain: [least, 100] } };
  return {
    ...frame('coverage'),
    layer: [
      {
        data: { values: band },
        mark: { type: 'area', color: ink.muted, opacity: 0.22, clip: true },
        encoding: {
          x: { ...across, axis: { title: 'level of the interval, %', values: [50, 80, 95] } },
          y: { field: 'low', ...up, axis: { title: 'truths inside, %' } },
          y2: { field: 'high' },
        },
      },
      {
        data: { values: points },
        mark: { type: 'point', filled: true, color: series.samples, size: 36, opacity: 0.8 },
        encoding: { x: across, y: { field: 'share', ...up } },
      },
    ],
  };
}

const frame = (text: string): Spec => ({
  width: WIDTH,
  height: HEIGHT,
  title: { text, fontSize: 13, anchor: 'start' },
});
