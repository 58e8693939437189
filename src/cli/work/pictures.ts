import { isAbsolute } from 'node:path';
import { mapInto } from '../../files/numbers.ts';
import {
  type DensityGrid,
  gridPoints,
  imageGrid,
  type PointClasses,
  plotSamples,
} from '../../report/index.ts';
import { column } from '../../report/table.ts';
import { evenWindow, shownInterval } from '../../report/window.ts';
import { classesOf, type ModelConfig } from '../../run/folder/config.ts';
import type { Run } from '../../run/run.ts';
import { sampleCounts } from '../../run/use/classes.ts';
import { tilesOf } from '../../run/use/images.ts';
import { logLikelihood } from '../../run/use/likelihood.ts';
import type { UseOptions } from '../../run/use/options.ts';
import { type SampleRunOptions, sample } from '../../run/use/sample.ts';
import type { DataTensor, HostTensor } from '../../tensor/types.ts';
import { given } from '../arguments/values.ts';
import { captionOf, columnsOf } from './captions.ts';
import { cheapFlow } from './flow.ts';
import { openRows } from './rows.ts';

/** The number of data points in a picture. */
const pointCount = 5000;

/**
 * The data that the run was trained on, with the class of each row: every row of a file (at most `most`), or
 * fresh points of a density.
 */
export async function sourceRows(
  config: ModelConfig,
  most?: number,
): Promise<DataTensor & { readonly classes?: Int32Array }> {
  const count = most ?? pointCount;
  const options = { count, seed: config.seed, labels: true, ...given({ most }) };
  const { labels, read } = await openRows(config.data.source, config, options);
  return { ...read(), ...(labels && { classes: labels }) };
}

/** Classes of data and samples for a picture, if both are known. */
export function pointClasses(
  config: ModelConfig,
  data: Int32Array | undefined,
  samples: Int32Array | undefined,
): { classes?: PointClasses } {
  const labels = classesOf(config);
  if (!labels || !data || !samples) return {};
  const title = config.data.columns && !isAbsolute(labels.source) ? { title: labels.source } : {};
  return { classes: { names: labels.classes, ...title, data, samples } };
}

/**
 * Samples with the same share of each class as the data; plain samples if the run or the data have no
 * classes.
 */
export async function samplesLike(
  run: Run,
  classes: Int32Array | undefined,
  options: SampleRunOptions,
): Promise<HostTensor & { readonly classes?: Int32Array }> {
  const kinds = classesOf(run.config)?.classes.length;
  if (!kinds || !classes) return sample(run, options);
  const { count, ...rest } = options;
  // Sample i gets the class of row ⌊i·rows/count⌋ in sorted order, so the counts are exact up to rounding.
  const sorted = classes.toSorted();
  const counts = Array<number>(kinds).fill(0);
  for (let i = 0; i < count; i++) counts[sorted[Math.floor(((i + 0.5) * sorted.length) / count)]!]!++;
  return sampleCounts(run, counts, rest);
}

/**
 * Samples as a picture. Images become tiles; with `each` samples of every class, each class has a row.
 * Everything else is drawn next to its data.
 */
export async function samplesPicture(
  run: Run,
  samples: HostTensor,
  { each, classes }: { readonly each?: number; readonly classes?: Int32Array } = {},
): Promise<string | Uint8Array> {
  const { config } = run;
  if (config.data.shape.length > 1)
    return imageGrid(tilesOf(config, samples), each === undefined ? {} : { columns: each });
  const data = await sourceRows(config);
  return plotSamples({
    data,
    samples,
    title: captionOf(run),
    ...columnsOf(config),
    ...pointClasses(config, data.classes, classes),
  });
}

/**
 * Answers as a picture: the mean of the images, their standard deviation (white is half the range), and then
 * the images. Other samples as `samplesPicture` shows them.
 */
export async function answerPicture(run: Run, samples: HostTensor): Promise<string | Uint8Array> {
  if (run.config.data.shape.length === 1) return samplesPicture(run, samples);
  const { data, shape } = tilesOf(run.config, samples);
  const [count, ...each] = shape as [number, ...number[]];
  const size = data.length / count;
  const out = new Float32Array(data.length + 2 * size);
  for (let d = 0; d < size; d++) {
    const values = Float64Array.from({ length: count }, (_, n) => data[n * size + d]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
    out[d] = mean;
    out[size + d] = Math.min(1, 2 * Math.sqrt(variance));
  }
  out.set(data, 2 * size);
  return imageGrid({ data: out, shape: [count + 2, ...each] });
}

const cells = 100;

/** exp log p on a grid over the part of the plane with data and samples, for two dimensions. */
export const densityGrid = (run: Run, tables: readonly HostTensor[], options: UseOptions) =>
  densityGridOf(
    tables,
    async points => (await logLikelihood(run, points, { ...cheapFlow, ...options })).logProbability,
  );

/** The same of any log p of points in data units. */
export async function densityGridOf(
  tables: readonly HostTensor[],
  logDensity: (points: HostTensor) => Promise<Float64Array>,
): Promise<DensityGrid> {
  const interval = (j: number) =>
    shownInterval(tables.map(({ data, shape }) => column({ data, rows: shape[0]!, width: 2 }, j)));
  const { x, y } = evenWindow(interval(0), interval(1));
  const points = gridPoints({ x, y, nx: cells, ny: cells });
  const values = await logDensity(points);
  return {
    values: {
      data: mapInto(new Float32Array(cells * cells), values, Math.exp),
      shape: [cells, cells],
    },
    x,
    y,
  };
}
