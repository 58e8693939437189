import { resolve } from 'node:path';
import { shellWord } from '../errors/shell.ts';
import { clipped, closest, requireText, usage } from '../errors.ts';
import { isFolder } from '../files/disk.ts';
import type { Dataset } from './contract.ts';
import { type FiniteOptions, finiteDataset } from './finite.ts';
import { fileEndings, type LoadOptions } from './formats/readers.ts';
import { isFileName, loadTable } from './load.ts';
import { openToy } from './open-toy.ts';
import { type ToyName, toys } from './toys/index.ts';

/** All options for opening data: columns, rows, scaling, dequantisation. */
export interface OpenOptions extends FiniteOptions, LoadOptions {
  /** Defaults that hold only for rows of numbers that are no pictures. */
  readonly tables?: Pick<FiniteOptions, 'scaling' | 'validationFraction'>;
}

/**
 * Opens a toy density by its name, or a file or folder of images by its path.
 *
 * Defaults: images of 256 levels (IDX, CIFAR-10, folders of images) and data with `levels` are dequantised
 * and scaled to [−1, 1]. Everything else is standardised. `part`, `testFraction` and `seed` choose rows of a
 * file. A density has streams instead of rows.
 * @throws usage for an unknown name (with the nearest one), a missing file, an unsupported extension, and
 *   options that do not fit; failure for damaged or unsuitable contents
 */
export async function openDataset(spec: string, options: OpenOptions = {}): Promise<Dataset> {
  requireText('name or path of data', spec);
  if (Object.hasOwn(toys, spec)) return openToy(spec as ToyName, options);
  refuseElsewhere(spec);
  if (!isFileName(spec) && !(await isFolder(spec))) throw unknownData(spec);
  const { table, levels } = await loadTable(spec, { ...withoutHoles(options), ...readingOf(options) });
  const pictures = levels || options.levels !== undefined;
  const isTable = !pictures && table.shape.length === 1 && table.values instanceof Float64Array;
  const ofTables = isTable ? options.tables : {};
  const defaults: FiniteOptions = pictures ? { dequantize: true, scaling: 'symmetric' } : { ...ofTables };
  try {
    const data = finiteDataset(spec, table, { ...defaults, ...withoutHoles(options) });
    return Object.freeze({
      ...data,
      path: resolve(spec),
      ...(table.array !== undefined && { array: table.array }),
      ...(options.size !== undefined && { size: options.size }),
      ...textOf(options),
      ...(options.background !== undefined && { background: options.background }),
    });
  } catch (error) {
    table.values.close?.();
    throw error;
  }
}

/**
 * How columns are read for these options. Rows that are images, and those for a transform without kinds, are
 * plain numbers. What is dequantised lies on a grid. Standardisation cannot give a constant column variance
 * 1.
 */
function readingOf(options: OpenOptions): LoadOptions {
  const { scaling = 'standard', dequantize, levels, transform, kinds, shape = [] } = options;
  const grids = typeof dequantize === 'object' ? dequantize.map(name => [name, 'grid'] as const) : [];
  return {
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

/** Data are read only from files and folders. */
function refuseElsewhere(spec: string): void {
  if (spec === '-')
    throw usage('Data are not read from standard input', {
      remedy: 'Write them to a file, and name the file: cat > data.csv',
    });
  if (!/^[a-z][a-z\d+.-]+:\/\//i.test(spec)) return;
  const name =
    spec
      .replace(/[?#].*$/, '')
      .split('/')
      .at(-1) || 'data.csv';
  throw usage('Data are not read over the network', {
    got: spec,
    remedy: `Download the file, and name it: curl -L -o ${shellWord(name)} ${shellWord(spec)}`,
  });
}

function unknownData(spec: string) {
  const names = Object.keys(toys);
  const near = closest(clipped(spec, 80), names);
  return usage(`Unknown data "${clipped(spec)}"${near ? `. Did you mean "${near}"?` : ''}`, {
    expected: `a toy density (${names.join(', ')}) or a path ending in ${fileEndings.join(', ')}, each also with .gz, or a folder of images`,
  });
}
