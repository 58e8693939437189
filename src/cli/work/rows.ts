import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Dataset, OpenOptions, TextOptions } from '../../data/index.ts';
import { usage } from '../../errors.ts';
import type { ModelConfig } from '../../run/folder/config.ts';
import type { DataTensor } from '../../tensor/types.ts';
import { given } from '../arguments/values.ts';

/** Rows in the units of the data, with where each is in its file (counted from 1). */
export interface Rows {
  readonly dataset: Dataset;
  readonly numbers: Uint32Array;
  /**
   * Rows of the data that the run was trained on; they are left out, unless all were asked for or there are
   * no others.
   */
  readonly trained: number;
  /** Whether the others are the rows that were kept from training. */
  readonly heldOut: boolean;
  /** The class of each row, as the run numbers its classes. */
  readonly labels?: Int32Array;
  /** The rows, [N, ...D]; `repeat` numbers the draws of dequantisation. */
  read(repeat?: number): DataTensor;
}

export interface RowsOptions {
  /** Folder of the run, which knows the rows it was trained on; without it all rows are taken. */
  readonly run?: string;
  /** Rows drawn from a density. */
  readonly count: number;
  /** Of a file, no more than so many rows, spread evenly over it. */
  readonly most?: number;
  readonly seed: number;
  /** Also the rows that were trained on. */
  readonly all?: boolean;
  /** Also the classes of the rows, where the run was trained with labels. */
  readonly labels?: boolean;
  /** Of an `.npz` with several arrays, which; by default the one trained on. */
  readonly array?: string;
  /**
   * The layout of a text table. Default: the run's own for the file it was trained on, else detected from
   * content.
   */
  readonly text?: TextOptions;
}

/** Opens data for a run: fresh points of a density, or the rows of a file that the run was not trained on. */
export async function openRows(spec: string, config: ModelConfig, options: RowsOptions): Promise<Rows> {
  const { openDataset } = await import('../../data/index.ts');
  const dataset = await openDataset(spec, await openOptions(spec, config, options));
  const { others, trained, whole } = await overlap(dataset, config, options);
  const count = others?.length ?? dataset.count;
  const taken = count === Infinity ? options.count : Math.min(count, options.most ?? count);
  const stride = count === Infinity ? 1 : count / taken;
  const samples = Uint32Array.from({ length: taken }, (_, i) => {
    const place = Math.floor(i * stride);
    return others?.[place] ?? place;
  });
  const numbers = samples.map(sample => (dataset.rows?.[sample] ?? sample) + 1);
  const heldOut = whole && others !== undefined;
  const labels = labelsOf(dataset, config, samples);
  const read = await reader(dataset, samples, options.seed);
  return { dataset, numbers, trained, heldOut, ...(labels && { labels }), read };
}

/** Classes of rows; none where the data know others than the run. */
function labelsOf({ labels }: Dataset, config: ModelConfig, samples: Uint32Array): Int32Array | undefined {
  if (!labels || labels.classes.join('\n') !== classesOfRun(config)?.classes.join('\n')) return undefined;
  const { values } = labels;
  const classes = new Int32Array(samples.length);
  for (const [i, sample] of samples.entries()) classes[i] = values[sample]!;
  return classes;
}

interface Kept {
  /** Places of the rows to take; all where it is missing. */
  readonly others?: Uint32Array;
  readonly trained: number;
  readonly whole: boolean;
}

/**
 * Which rows the run was not trained on, by their values; of a run without hashes by the split of the same
 * file.
 */
async function overlap(dataset: Dataset, config: ModelConfig, { run, all }: RowsOptions): Promise<Kept> {
  const none = { trained: 0, whole: false };
  if (all || run === undefined || dataset.count === Infinity) return none;
  const { overlapOf, split } = await import('../../data/index.ts');
  const { readRows } = await import('../../run/folder/rows.ts');
  const hashes = await readRows(run);
  if (!hashes) {
    const { testFraction, source } = config.data;
    if (testFraction === 0 || !(await isSame(dataset.path, source))) return none;
    const { test, train } = split(dataset.count, testFraction, config.seed);
    return { others: test, trained: train.length, whole: true };
  }
  const { others, trained, whole } = overlapOf(dataset.hashes!(), hashes);
  return others.length === 0 ? { trained, whole } : { others, trained, whole: whole && trained > 0 };
}

/** Whether two paths lead to one place, by whatever links. */
async function isSame(path: string | undefined, source: string): Promise<boolean> {
  const real = (name: string) => realpath(name).catch(() => resolve(name));
  return path !== undefined && (await real(path)) === (await real(source));
}

async function openOptions(
  spec: string,
  config: ModelConfig,
  { array: asked, text, labels: wanted }: RowsOptions,
): Promise<OpenOptions> {
  const { data, transform } = config;
  const { affine, isImageFolder, isTextTable, toys, transformFromJson } = await import('../../data/index.ts');
  if (!Object.hasOwn(toys, spec)) {
    const columns = isTextTable(spec) && data.columns ? { columns: data.columns } : {};
    const said = isTextTable(spec) && (await isSame(resolve(spec), data.source)) ? data.text : undefined;
    const { size, background } = data;
    const form = data.shape.length > 1 ? { shape: data.shape } : {};
    const images = (await isImageFolder(spec)) ? given({ size, background }) : form;
    const named = asked ?? (/\.npz(\.gz)?$/i.test(spec) ? data.array : undefined);
    const array = named === undefined ? {} : { array: named };
    const labels = wanted ? given({ labels: classesOfRun(config)?.source }) : {};
    const map = transformFromJson(transform, data.source);
    return { ...columns, ...said, ...text, ...array, ...images, ...labels, transform: map };
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

/** The classes of a run, without loading the room that reads configurations. */
const classesOfRun = (config: ModelConfig) => ('imported' in config ? undefined : config.labels);
