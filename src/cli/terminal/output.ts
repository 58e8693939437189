import { access, constants, stat } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { failure, usage } from '../../errors.ts';
import { errorCode, unwritable, writeFault, writeFileAtomic } from '../../files/atomic.ts';
import type { HostTensor } from '../../tensor/types.ts';

/**
 * Checks an output path before any work. @throws for a file ending that is not supported, and for a missing
 * folder
 */
export async function checkOutput(
  path: string | undefined,
  endings: readonly string[],
  option = '--out',
): Promise<void> {
  if (path === undefined) return;
  if (!endings.includes(extname(path).toLowerCase())) {
    throw usage('The ending of the output file is not supported', {
      where: option,
      got: path,
      expected: endings.join(', '),
    });
  }
  const folder = dirname(resolve(path));
  const parts = { where: path, remedy: 'Choose another place for the output' };
  const entry = await stat(folder).catch(() => undefined);
  if (!entry?.isDirectory()) throw failure('cannot write: its folder does not exist', parts);
  await access(folder, constants.W_OK).catch((error: unknown) => {
    throw unwritable(path, error);
  });
  const target = await stat(path).catch(() => undefined);
  if (target?.isDirectory()) throw failure('cannot write: it is a folder', parts);
  // A pipe that nobody reads would make the work wait after it is done.
  if (target && !target.isFile()) throw failure('cannot write: it is a pipe or a device, not a file', parts);
}

/** Names of the values of a row: the columns of the data, or x1, x2, … */
export const columnNames = (size: number, columns?: readonly string[]): readonly string[] =>
  columns?.length === size ? columns : Array.from({ length: size }, (_, j) => `x${j + 1}`);

/** CSV in pieces of about a thousand rows. */
export function* csv(
  header: readonly string[],
  rows: number,
  row: (i: number) => Iterable<number | string>,
): Generator<string> {
  yield `${header.map(quoted).join(',')}\n`;
  for (let from = 0; from < rows; from += 1000) {
    const lines: string[] = [];
    for (let i = from; i < Math.min(rows, from + 1000); i++) lines.push(`${[...row(i)].join(',')}\n`);
    yield lines.join('');
  }
}

const quoted = (name: string) => (/[",\n\r]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);

/**
 * Float32 values have nine digits and float64 values as many as they need: both read back as the same bits.
 */
const digits = (data: HostTensor['data'], from: number, to: number): number[] =>
  data instanceof Float32Array
    ? Array.from(data.subarray(from, to), value => Number(value.toPrecision(9)))
    : [...data.subarray(from, to)];

/** A column of text, written after the columns of numbers. */
export interface TextColumn {
  readonly name: string;
  at(row: number): string;
}

export function tensorCsv(
  { data, shape }: HostTensor,
  columns?: readonly string[],
  last?: TextColumn,
): Generator<string> {
  const size = data.length / shape[0]!;
  const header = [...columnNames(size, columns), ...(last ? [last.name] : [])];
  return csv(header, shape[0]!, i => {
    const numbers = digits(data, i * size, (i + 1) * size);
    return last ? [...numbers, quoted(last.at(i))] : numbers;
  });
}

/** Writes rows to a .csv or .npy file, or as CSV to stdout if there is no path. */
export async function writeRows(
  path: string | undefined,
  rows: HostTensor,
  columns?: readonly string[],
  last?: TextColumn,
): Promise<void> {
  if (path === undefined) return print(tensorCsv(rows, columns, last));
  if (path.toLowerCase().endsWith('.npy')) {
    const { writeNpy } = await import('../../files/npy.ts');
    return writeFileAtomic(path, writeNpy(asStored(rows), rows.shape));
  }
  return writeFileAtomic(path, [...tensorCsv(rows, columns, last)].join(''));
}

/** Tables keep float64. Pictures become float32: their levels have few digits, and they are many numbers. */
const asStored = ({ data, shape }: HostTensor): HostTensor['data'] =>
  shape.length > 2 ? Float32Array.from(data) : data;

/**
 * Writes to stdout, no faster than it is read.
 * @throws failure if it cannot be written; the system's EPIPE error if its reader has stopped reading
 */
export async function print(pieces: Iterable<string>): Promise<void> {
  for (const piece of pieces) {
    await new Promise<void>((done, fail) => {
      process.stdout.write(piece, error => (error ? fail(unprinted(error)) : done()));
    });
  }
}

/** The error that stopped stdout. A reader that stops early, such as `head`, is not a failure. */
export const unprinted = (error: Error): Error =>
  errorCode(error) === 'EPIPE'
    ? error
    : failure(`cannot write: ${writeFault(error)}`, {
        where: 'stdout',
        remedy: 'Send the output to another place',
      });

export const printJson = (value: unknown): Promise<void> => print([`${JSON.stringify(value)}\n`]);
