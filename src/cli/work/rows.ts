import { resolve } from 'node:path';
import type { Dataset, OpenOptions } from '../../data/index.ts';
import { usage } from '../../errors.ts';
import type { ModelConfig } from '../../run/folder/config.ts';
import type { DataTensor } from '../../tensor/types.ts';

/** Rows in the units of the data, with where each is in its file (counted from 1). */
export interface Rows {
  readonly dataset: Dataset;
  readonly numbers: Uint32Array;
  /** Whether these are the rows kept from training. */
  readonly heldOut: boolean;
  /** The rows, [N, ...D]; `repeat` numbers the draws of dequantisation. */
  read(repeat?: number): DataTensor;
}

export interface RowsOptions {
  /** Rows drawn from a density. */
  readonly count: number;
  /** Of a file, no more than so many rows, spread evenly over it. */
  readonly most?: number;
  readonly seed: number;
  /** Of the source of training, also the rows that were trained on. */
  readonly all?: boolean;
  /** Of an `.npz` with several arrays, which; by default the one trained on. */
  readonly array?: string;
}

/** Opens data for a run: fresh points of a density, or the rows of a file; of the training file only those held out. */
export async function openRows(spec: string, config: ModelConfig, options: RowsOptions): Promise<Rows> {
  const { openDataset } = await import('../../data/index.ts');
  const part = !options.all && isSource(spec, config) ? 'test' : 'all';
  const dataset = await openDataset(spec, { ...(await openOptions(spec, config, options.array)), part });
  const { count, rows } = dataset;
  const taken = count === Infinity ? options.count : Math.min(count, options.most ?? count);
  const stride = count === Infinity ? 1 : count / taken;
  const samples = Uint32Array.from({ length: taken }, (_, i) => Math.floor(i * stride));
  const numbers = samples.map(sample => (rows?.[sample] ?? sample) + 1);
  return { dataset, numbers, heldOut: part === 'test', read: await reader(dataset, samples, options.seed) };
}

/** Whether `spec` is the file that the run was trained on, less the rows kept from it. */
const isSource = (spec: string, { data }: ModelConfig): boolean =>
  data.testFraction > 0 && resolve(spec) === resolve(data.source);

async function openOptions(
  spec: string,
  { data, transform, seed }: ModelConfig,
  asked?: string,
): Promise<OpenOptions> {
  const { affine, isImageFolder, toys, transformFromJson } = await import('../../data/index.ts');
  if (!Object.hasOwn(toys, spec)) {
    const columns = /\.[ct]sv(\.gz)?$/i.test(spec) && data.columns ? { columns: data.columns } : {};
    const form = data.columns && data.shape.length > 1 ? { shape: data.shape } : {};
    const size = data.size !== undefined && (await isImageFolder(spec)) ? { size: data.size } : {};
    const named = asked ?? (/\.npz(\.gz)?$/i.test(spec) ? data.array : undefined);
    const array = named === undefined ? {} : { array: named };
    const map = transformFromJson(transform, data.source);
    return { ...columns, ...form, ...array, ...size, testFraction: data.testFraction, seed, transform: map };
  }
  const width = toys[spec as keyof typeof toys].mean.length;
  if (transform.shift.length === width) return { transform: affine(transform.shift, transform.scale) };
  throw usage('The data do not fit the model', {
    where: spec,
    got: `${width} values a row`,
    expected: `${transform.shift.length}, as in ${data.source}`,
  });
}

async function reader(dataset: Dataset, rows: Uint32Array, seed: number) {
  const { key } = await import('../../random/index.ts');
  const stream = key(seed, 'evaluation');
  return (repeat = 0): DataTensor => {
    const size = dataset.transform.shift.length;
    const z = new Float64Array(rows.length * size);
    dataset.read(z, stream, rows, repeat);
    return {
      data: dataset.transform.inverse(z, z),
      shape: [rows.length, ...dataset.shape],
    };
  };
}
