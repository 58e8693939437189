import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Dataset, OpenOptions, TextOptions } from '../../data/index.ts';
import { usage } from '../../errors.ts';
import type { ModelConfig } from '../../run/folder/config.ts';
import type { DataTensor } from '../../tensor/types.ts';
import { given } from '../arguments/values.ts';

/** Rows in the units of the data, with the number of each row in its file (counted from 1). */
export interface Rows {
  readonly dataset: Dataset;
  readonly numbers: Uint32Array;
  /**
   * Number of rows that the run was trained on. These rows are left out, except with `all` or if there are no
   * others.
   */
  readonly trained: number;
  /** Whether the rows are those that were kept from training. */
  readonly heldOut: boolean;
  /** The class of each row, by the numbering of the run. */
  readonly labels?: Int32Array;
  /** Cells of these rows with names that the run does not know: missing in what is read. */
  readonly strangers: readonly StrangeCell[];
  /** The rows, [N, ...D]; `repeat` is the number of the dequantisation draw. */
  read(repeat?: number): NumberedRows;
}

/** A name that a column of the run does not know. */
export interface StrangeCell {
  /** Position of the row, from 0. */
  readonly at: number;
  /** The column of the run, and its position. */
  readonly name: string;
  readonly column: number;
  readonly cell: string;
}

/** Rows, with their numbers if they are dequantised where they are scored. */
export interface NumberedRows extends DataTensor {
  readonly rowNumbers?: Uint32Array;
}

export interface RowsOptions {
  /** The folder of the run, which stores the rows it was trained on. Without it all rows are taken. */
  readonly run?: string;
  /** Number of rows to draw from a density. */
  readonly count: number;
  /** The largest number of rows to take from a file, evenly spread over it. */
  readonly most?: number;
  readonly seed: number;
  /** Whether to take the training rows as well. */
  readonly all?: boolean;
  /** Whether names that the run does not know are told in `strangers`. Default false: they are an error. */
  readonly strangers?: boolean;
  /** Whether to read the classes of the rows, for a run with labels. */
  readonly labels?: boolean;
  /** Gets the remarks on how the file was read. */
  readonly onNote?: (note: string) => void;
  /** Name of the array in an `.npz` with several arrays; default the array of the training. */
  readonly array?: string;
  /**
   * The layout of a text table. Default: for the training file that of the run, otherwise detected from the
   * content.
   */
  readonly text?: TextOptions;
}

/** Opens data for a run: fresh points of a density, or rows of a file that the run was not trained on. */
export async function openRows(spec: string, config: ModelConfig, options: RowsOptions): Promise<Rows> {
  const { openDataset } = await import('../../data/index.ts');
  const dataset = await openDataset(spec, await openOptions(spec, config, options));
  for (const note of dataset.notes) options.onNote?.(note);
  const { others, trained, whole } = await overlap(dataset, config, options);
  const count = others?.length ?? dataset.count;
  const rowCount = count === Infinity ? options.count : Math.min(count, options.most ?? count);
  const stride = count === Infinity ? 1 : count / rowCount;
  const samples = Uint32Array.from({ length: rowCount }, (_, i) => {
    const place = Math.floor(i * stride);
    return others?.[place] ?? place;
  });
  const numbers = samples.map(sample => (dataset.rows?.[sample] ?? sample) + 1);
  const heldOut = whole && others !== undefined;
  const labels = labelsOf(dataset, config, samples);
  const read = await reader(dataset, samples, options.seed);
  const strangers = strangersOf(dataset, numbers);
  return { dataset, numbers, trained, heldOut, ...(labels && { labels }), strangers, read };
}

/** The unknown names in these rows. */
function strangersOf({ strangers = [], columns = [] }: Dataset, numbers: Uint32Array): StrangeCell[] {
  const places =
    strangers.length > 0 ? new Map([...numbers].map((number, at) => [number - 1, at])) : undefined;
  return strangers.flatMap(({ row, name, cell }) => {
    const at = places?.get(row);
    return at === undefined ? [] : [{ at, name, column: columns.indexOf(name), cell }];
  });
}

/** Classes of the rows; undefined if the classes of the data differ from those of the run. */
function labelsOf({ labels }: Dataset, config: ModelConfig, samples: Uint32Array): Int32Array | undefined {
  if (!labels || labels.classes.join('\n') !== classesOfRun(config)?.classes.join('\n')) return undefined;
  const { values } = labels;
  const classes = new Int32Array(samples.length);
  for (const [i, sample] of samples.entries()) classes[i] = values[sample]!;
  return classes;
}

interface Overlap {
  /** Positions of the rows to take; all rows if it is missing. */
  readonly others?: Uint32Array;
  readonly trained: number;
  readonly whole: boolean;
}

/**
 * Which rows the run was not trained on, by their values. For a run without hashes: by the split of the same
 * file.
 */
async function overlap(dataset: Dataset, config: ModelConfig, { run, all }: RowsOptions): Promise<Overlap> {
  const none = { trained: 0, whole: false };
  if (all || run === undefined || dataset.count === Infinity) return none;
  const { readRows } = await import('../../run/folder/rows.ts');
  const hashes = await readRows(run);
  if (!hashes) {
    const { split } = await import('../../data/index.ts');
    const { testFraction, source } = config.data;
    if (testFraction === 0 || !(await isSame(dataset.path, source))) return none;
    const { test, train } = split(dataset.count, testFraction, config.seed);
    return { others: test, trained: train.length, whole: true };
  }
  const { others, trained, whole } = dataset.overlap!(hashes);
  return others.length === 0 ? { trained, whole } : { others, trained, whole: whole && trained > 0 };
}

/** Whether two paths are the same file, through any links. */
async function isSame(path: string | undefined, source: string): Promise<boolean> {
  const real = (name: string) => realpath(name).catch(() => resolve(name));
  return path !== undefined && (await real(path)) === (await real(source));
}

async function openOptions(
  spec: string,
  config: ModelConfig,
  { array: arrayName, text, labels: withLabels, strangers = false }: RowsOptions,
): Promise<OpenOptions> {
  const { data, transform } = config;
  const { kindsByName } = await import('../../run/folder/kinds.ts');
  const { affine, affineOf, isImageFolder, isTextTable, toys, transformFromJson } = await import(
    '../../data/index.ts'
  );
  if (!Object.hasOwn(toys, spec)) {
    const isText = isTextTable(spec);
    // Columns of an array have names of their own only if the run is of an array.
    const isNamed = isText || !isTextTable(data.source);
    const columns = isNamed && data.columns ? { columns: data.columns } : {};
    const kinds = data.kinds ? { kinds: kindsByName(isNamed ? data : { ...data, columns: undefined }) } : {};
    const textOfRun = isText && (await isSame(resolve(spec), data.source)) ? data.text : undefined;
    const { size, background } = data;
    const form = data.shape.length > 1 ? { shape: data.shape } : {};
    const images = (await isImageFolder(spec)) ? given({ size, background }) : form;
    const nameInFile = arrayName ?? (/\.npz(\.gz)?$/i.test(spec) ? data.array : undefined);
    const array = nameInFile === undefined ? {} : { array: nameInFile };
    const labels = withLabels ? given({ labels: classesOfRun(config)?.source }) : {};
    const map = transformFromJson(transform, data.source);
    const own = { ...columns, ...kinds, ...array, ...images, ...labels };
    return { ...own, ...textOfRun, ...text, strangers, transform: map };
  }
  const width = toys[spec as keyof typeof toys].mean.length;
  const { shift, scale } = affineOf(transformFromJson(transform, data.source), spec);
  if (shift.length === width) return { transform: affine(shift, scale) };
  throw usage('The data do not fit the model', {
    where: spec,
    got: `${width} values a row`,
    expected: `${shift.length}, as in ${data.source}`,
  });
}

async function reader(dataset: Dataset, rows: Uint32Array, seed: number) {
  const { key } = await import('../../random/index.ts');
  const stream = key(seed, 'evaluation');
  return (repeat = 0): NumberedRows => {
    const { size, kind } = dataset.transform;
    if (kind === 'table') return rowsOf(dataset, rows);
    const z = new Float64Array(rows.length * size);
    dataset.read(z, stream, rows, repeat);
    return {
      data: dataset.transform.inverse(z, z),
      shape: [rows.length, ...dataset.shape],
    };
  };
}

/** Rows of a table as they are; they are dequantised where they are scored. */
function rowsOf(dataset: Dataset, rows: Uint32Array): NumberedRows {
  const { width } = dataset.transform;
  const { data } = dataset.all!();
  const out = new Float64Array(rows.length * width);
  for (const [i, row] of rows.entries()) out.set(data.subarray(row * width, (row + 1) * width), i * width);
  return { data: out, shape: [rows.length, ...dataset.shape], rowNumbers: rows };
}

/** The classes of a run, without loading the room that reads configurations. */
const classesOfRun = (config: ModelConfig) => ('imported' in config ? undefined : config.labels);
