import { mapInto } from '../../files/numbers.ts';
import { type DensityGrid, gridPoints, imageGrid, plotSamples } from '../../report/index.ts';
import { column } from '../../report/table.ts';
import { evenWindow, shownInterval } from '../../report/window.ts';
import type { ModelConfig } from '../../run/folder/config.ts';
import type { Run } from '../../run/run.ts';
import { tilesOf } from '../../run/use/images.ts';
import { logLikelihood } from '../../run/use/likelihood.ts';
import type { UseOptions } from '../../run/use/options.ts';
import type { DataTensor, HostTensor } from '../../tensor/types.ts';
import { openRows } from './rows.ts';

/** Points of the data that a picture shows beside samples. */
const shown = 5000;

/** Data of the run's own source, every row of a file or fresh points of a density. */
export async function sourceRows(config: ModelConfig): Promise<DataTensor> {
  const rows = await openRows(config.data.source, config, { count: shown, seed: config.seed });
  return rows.read();
}

/** Samples as a picture: images as tiles, `across` in a row, everything else beside its data. */
export async function samplesPicture(
  config: ModelConfig,
  samples: HostTensor,
  across?: number,
): Promise<string | Uint8Array> {
  const { shape, columns } = config.data;
  if (shape.length > 1)
    return imageGrid(tilesOf(config, samples), across === undefined ? {} : { columns: across });
  return plotSamples({ data: await sourceRows(config), samples, ...(columns && { columns }) });
}

const cells = 100;
/** On a trained mixture its densities are nearer those of rk45 at 1e-5 than rk45 at 1e-3 is, in half the time. */
const densitySolver = { solver: 'heun', steps: 40, grid: 'karras' } as const;

/** exp log p on a grid over the part of the plane where data and samples are; for two dimensions. */
export async function densityGrid(
  run: Run,
  tables: readonly HostTensor[],
  options: UseOptions,
): Promise<DensityGrid> {
  const interval = (j: number) =>
    shownInterval(tables.map(({ data, shape }) => column({ data, rows: shape[0]!, width: 2 }, j)));
  const { x, y } = evenWindow(interval(0), interval(1));
  const points = gridPoints({ x, y, nx: cells, ny: cells });
  const { logProbability } = await logLikelihood(run, points, { ...densitySolver, ...options });
  return {
    values: {
      data: mapInto(new Float32Array(cells * cells), logProbability, Math.exp),
      shape: [cells, cells],
    },
    x,
    y,
  };
}
