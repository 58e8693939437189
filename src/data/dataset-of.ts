import type { Dataset } from './contract.ts';
import { type FiniteOptions, finiteDataset } from './finite.ts';
import type { LoadOptions } from './formats/readers.ts';
import type { Loaded } from './table.ts';

/** All options for opening data: columns, rows, scaling, dequantisation. */
export interface OpenOptions extends FiniteOptions, LoadOptions {
  /** Defaults that hold only for rows of numbers that are no pictures. */
  readonly tables?: Pick<FiniteOptions, 'scaling' | 'validationFraction'>;
}

/** What was read from a file as a data set. Pictures of 256 levels are dequantised and scaled to [−1, 1]. */
export function datasetOf(name: string, { table, levels }: Loaded, options: OpenOptions): Dataset {
  const pictures = levels || options.levels !== undefined;
  const isTable = !pictures && table.shape.length === 1 && table.values instanceof Float64Array;
  const ofTables = isTable ? options.tables : {};
  const defaults: FiniteOptions = pictures ? { dequantize: true, scaling: 'symmetric' } : { ...ofTables };
  const data = finiteDataset(name, table, { ...defaults, ...withoutHoles(options) });
  return Object.freeze({
    ...data,
    ...(table.array !== undefined && { array: table.array }),
    ...(options.size !== undefined && { size: options.size }),
    ...textOf(options),
    ...(options.background !== undefined && { background: options.background }),
  });
}

/**
 * How columns are read for these options. Rows that are images, and those for a transform without kinds, are
 * plain numbers. What is dequantised lies on a grid. Standardisation cannot give a constant column variance
 * 1.
 */
export function readingOf(options: OpenOptions): LoadOptions {
  const { scaling = 'standard', dequantize, levels, transform, kinds, shape = [] } = options;
  const grids = typeof dequantize === 'object' ? dequantize.map(name => [name, 'grid'] as const) : [];
  return {
    ...withoutHoles(options),
    constants:
      scaling !== 'standard' ||
      (dequantize !== undefined && dequantize !== false) ||
      levels !== undefined ||
      transform !== undefined,
    plain: (transform !== undefined && kinds === undefined) || levels !== undefined || shape.length > 1,
    whole: dequantize === true,
    ...(grids.length > 0 && { kinds: { ...Object.fromEntries(grids), ...kinds } }),
  };
}

/** The options that describe the layout of a text table. */
function textOf({
  delimiter,
  decimal,
  header,
  encoding,
  dropRows,
  missing,
}: OpenOptions): Pick<Dataset, 'text'> {
  const text = withoutHoles({ delimiter, decimal, header, encoding, dropRows, missing } as OpenOptions);
  return Object.keys(text).length > 0 ? { text } : {};
}

/** Drops options that are undefined, so that they do not hide a default. */
const withoutHoles = (options: OpenOptions): OpenOptions =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
