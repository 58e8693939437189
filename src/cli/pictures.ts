import { usage } from '../errors.ts';
import { type DensityGrid, gridPoints, imageGrid, plotSamples } from '../report/index.ts';
import { column } from '../report/table.ts';
import { evenWindow, shownInterval } from '../report/window.ts';
import type { ModelConfig } from '../run/config.ts';
import type { Run } from '../run/run.ts';
import { logLikelihood, type UseOptions } from '../run/use.ts';
import type { PlainTensor } from '../tensor/types.ts';
import { openRows } from './data.ts';

/** Points of the data that a picture shows beside samples. */
const shown = 5000;

/** Data of the run's own source, every row of a file or fresh points of a density. */
export async function sourceRows(config: ModelConfig): Promise<PlainTensor> {
  const rows = await openRows(config.data.source, config, { count: shown, seed: config.seed, all: true });
  return rows.read();
}

/** Samples as a picture: images as tiles, `across` in a row, everything else beside its data. */
export async function samplesPicture(
  config: ModelConfig,
  samples: PlainTensor,
  across?: number,
): Promise<string | Uint8Array> {
  const { shape, columns } = config.data;
  if (shape.length > 1)
    return imageGrid(images(config, samples), across === undefined ? {} : { columns: across });
  return plotSamples({ data: await sourceRows(config), samples, ...(columns && { columns }) });
}

/** Images of 256 levels brought to [0, 1], channels last. */
function images({ data: { shape, source } }: ModelConfig, { data }: PlainTensor): PlainTensor {
  const [channels, height, width] = shape.length === 2 ? [1, ...shape] : shape;
  if (shape.length > 3 || (channels !== 1 && channels !== 3)) {
    throw usage('Samples of this shape have no picture', { where: source, got: `[${shape}]` });
  }
  const size = height! * width!;
  const count = data.length / (size * channels);
  const out = new Float32Array(data.length);
  for (let n = 0; n < count; n++)
    for (let c = 0; c < channels; c++)
      for (let i = 0; i < size; i++) {
        out[(n * size + i) * channels + c] = data[(n * channels + c) * size + i]! / 256;
      }
  return { data: out, shape: [count, height!, width!, channels] };
}

const cells = 100;
/** On a trained mixture its densities are nearer those of rk45 at 1e-5 than rk45 at 1e-3 is, in half the time. */
const densitySolver = { solver: 'heun', steps: 40, grid: 'karras' } as const;

/** exp log p on a grid over the part of the plane where data and samples are; for two dimensions. */
export async function densityGrid(
  run: Run,
  tables: readonly PlainTensor[],
  options: UseOptions,
): Promise<DensityGrid> {
  const interval = (j: number) =>
    shownInterval(tables.map(({ data, shape }) => column({ data, rows: shape[0]!, width: 2 }, j)));
  const { x, y } = evenWindow(interval(0), interval(1));
  const points = gridPoints({ x, y, nx: cells, ny: cells });
  const { logProbability } = await logLikelihood(run, points, { ...densitySolver, ...options });
  return { values: { data: Float32Array.from(logProbability, Math.exp), shape: [cells, cells] }, x, y };
}
