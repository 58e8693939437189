import { type Dataset, type OpenOptions, openDataset, TEST_FRACTION } from '../../data/index.ts';
import { usage } from '../../errors.ts';
import type { RunConfig } from '../folder/config.ts';
import { kindsByName } from '../folder/kinds.ts';
import type { TrainOptions } from './options.ts';

/** Options that `train` passes on unchanged to the reader of the data. */
const READ = [
  'columns',
  'exclude',
  'dropUnusable',
  'dropRows',
  'missing',
  'kinds',
  'delimiter',
  'decimal',
  'header',
  'encoding',
  'dequantize',
  'bounds',
  'array',
  'labels',
  'flips',
  'shape',
  'levels',
  'size',
  'background',
  'stream',
  'scaling',
  'conditional',
  'condition',
] as const satisfies readonly (keyof TrainOptions & keyof OpenOptions)[];

/** Whether the data were passed as a value, and so belong to the caller. */
export const isDataset = (data: TrainOptions['data']): data is Dataset =>
  typeof data === 'object' && data !== null && 'batch' in data;

/** Default share of the training rows of a table that are kept for validation. */
const VALIDATION_FRACTION = 0.15;

/**
 * The data of a training: a data set that was passed as a value, or the training rows of a density or a file
 * that is opened here; or its test rows.
 * @throws usage if rows of a density should be kept for testing, and as `openDataset` does
 */
export async function dataOf(
  options: TrainOptions,
  seed: number,
  transform?: NonNullable<OpenOptions['transform']>,
  held?: 'test',
): Promise<Dataset> {
  const { data } = options;
  if (isDataset(data)) return data;
  const read = Object.fromEntries(
    READ.flatMap(name => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
  const testFraction = options.testFraction ?? TEST_FRACTION;
  const { validationFraction = VALIDATION_FRACTION } = options;
  const part = held ?? (testFraction > 0 ? 'train' : 'all');
  const dataset = await openDataset(data, {
    ...read,
    seed,
    part,
    testFraction,
    tables: { scaling: 'auto', validationFraction },
    ...(transform && { transform }),
  });
  if (dataset.count < Infinity || !options.testFraction) return dataset;
  throw usage('A density has no rows to keep for testing', {
    where: dataset.name,
    remedy: 'Leave the test fraction out',
  });
}

/**
 * The share of rows held out for testing, as the run records it. For data passed as a value, only the caller
 * knows it.
 */
function keptForTesting({ data, testFraction }: TrainOptions, { count }: Dataset): number {
  if (count === Infinity) return 0;
  return testFraction ?? (isDataset(data) ? 0 : TEST_FRACTION);
}

/** What the configuration of a run says of its data. */
export const describedData = (options: TrainOptions, dataset: Dataset) => ({
  source: dataset.path ?? dataset.name,
  shape: [...dataset.shape] as [number, ...number[]],
  ...(dataset.columns && { columns: [...dataset.columns] }),
  ...(dataset.kinds && { kinds: [...dataset.kinds] }),
  ...(dataset.layout && { layout: dataset.layout }),
  testFraction: keptForTesting(options, dataset),
  ...(dataset.flips && { flips: dataset.flips }),
  ...(dataset.array !== undefined && { array: dataset.array }),
  ...(dataset.text && { text: dataset.text }),
  ...(dataset.size !== undefined && { size: dataset.size }),
  ...(dataset.background !== undefined && { background: dataset.background }),
  ...((options.conditional ?? dataset.contexts !== undefined) && { conditional: true as const }),
  ...(options.condition?.length && { condition: [...options.condition] }),
  ...(dataset.validation && { validationFraction: validationShare(dataset) }),
});

const validationShare = ({ count, validation }: Dataset): number =>
  validation!.count / (count + validation!.count);

/** The options that read the data of a stored run as its training did. */
export function storedReading({ data, labels }: Pick<RunConfig, 'data' | 'labels'>) {
  const { columns, kinds, testFraction, flips, array, text, size, background, shape } = data;
  const { conditional, condition, validationFraction } = data;
  return {
    testFraction,
    flips: flips ?? false,
    dequantize: false,
    ...(columns && { columns }),
    ...(kinds && { kinds: kindsByName(data) }),
    ...text,
    ...(array !== undefined && { array }),
    ...(size !== undefined && { size }),
    ...(background !== undefined && { background }),
    ...(shape.length > 1 && { shape }),
    conditional: conditional ?? false,
    ...(condition && { condition }),
    validationFraction: validationFraction ?? 0,
    ...(labels && { labels: labels.source }),
  };
}
