import { failure, usage } from '../errors.ts';
import { sniffContent } from '../files/index.ts';
import { arrayColumns } from './columns/array-columns.ts';
import { withoutGz } from './formats/names.ts';
import { type FileReader, fileEndings, isTextTable, type LoadOptions, noColumns } from './formats/readers.ts';
import { channelsLast } from './pixels.ts';
import { type Loaded, width } from './table.ts';

/** What a file of this name holds, as the rows that the options ask for. */
export function asRows(content: Loaded, name: string, options: LoadOptions): Loaded {
  const loaded = withKinds(formed(content, options.shape), name, options);
  const notes = [...(loaded.table.notes ?? []), ...channelsLast(loaded.table)];
  return { ...loaded, table: { ...loaded.table, notes } };
}

/** Refuses options that are not of a file of this name. */
export function refuseStray(name: string, options: LoadOptions): void {
  if (options.array !== undefined && !/\.npz$/i.test(withoutGz(name)))
    throw usage('an array can be chosen only of an .npz', {
      where: name,
      got: options.array,
      remedy: 'Leave --array out.',
    });
  for (const option of ['size', 'background'] as const)
    if (options[option] !== undefined)
      throw usage(`a ${option} can be chosen only for a folder of images`, { where: name });
}

/** The refusal of a file that nothing reads. */
export const unknownEnding = (where: string, name: string) =>
  usage('The file ending is not supported', { where, got: name, expected: fileEndings.join(', ') });

/** An array of flat rows in memory, with the kinds of its columns. Pictures have none. */
function withKinds(loaded: Loaded, path: string, options: LoadOptions): Loaded {
  const { table } = loaded;
  if (isTextTable(path)) return loaded;
  if (options.plain || loaded.levels || table.shape.length !== 1) {
    noColumns(path, options);
    return loaded;
  }
  return { ...loaded, table: arrayColumns(table, options) };
}

/** Refuses content that is recognised by its first bytes and does not match the file ending. */
export function refuseOther(bytes: Uint8Array, where: string, { contents }: FileReader): void {
  const content = sniffContent(bytes);
  if (!content || contents.includes(content.name)) return;
  throw failure(`the content is ${content.title}, not what the ending says`, {
    where,
    remedy: content.remedy,
  });
}

/** An axis of length 1 carries no information. */
const sides = (shape: readonly number[]) => shape.filter(side => side !== 1);

/** The table with rows of this shape, if the rows are lists of numbers. The numbers stay as they are. */
function formed(loaded: Loaded, shape?: readonly number[]): Loaded {
  const { table } = loaded;
  if (shape === undefined || shape.join() === table.shape.join()) return loaded;
  const size = shape.reduce((product, side) => product * side, 1);
  const tableSides = sides(table.shape);
  if (tableSides.length > 1 && tableSides.join() !== sides(shape).join())
    throw usage('the rows have another shape', {
      where: table.where,
      got: `[${table.shape}]`,
      expected: `[${shape}], or rows that are a list of numbers`,
      ...(channelsLast(table).length > 0 && {
        remedy: 'Channels come first: write numpy.moveaxis(x, -1, 1)',
      }),
    });
  if (size === width(table) && shape.every(side => Number.isInteger(side) && side > 0))
    return { ...loaded, table: { ...table, shape } };
  throw usage('the rows cannot take this shape', {
    where: table.where,
    got: `[${shape}], ${size} numbers`,
    expected: `${width(table)}, as many as a row has`,
  });
}
