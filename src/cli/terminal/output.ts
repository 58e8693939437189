import { access, constants, stat } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { failure, usage } from '../../errors.ts';
import { errorCode, unwritable, writeFault, writeFileAtomic } from '../../files/atomic.ts';
import { writeNpy } from '../../files/npy.ts';
import type { HostTensor } from '../../tensor/types.ts';

/** Refuses, before any work, a path with an ending that is not written or a folder that is not there. */
export async function checkOutput(
  path: string | undefined,
  endings: readonly string[],
  option = '--out',
): Promise<void> {
  if (path === undefined) return;
  if (!endings.includes(extname(path).toLowerCase())) {
    throw usage('The output has an ending that is not written', {
      where: option,
      got: path,
      expected: endings.join(', '),
    });
  }
  const folder = dirname(resolve(path));
  const parts = { where: path, remedy: 'Choose another place for the output' };
  const entry = await stat(folder).catch(() => undefined);
  if (!entry?.isDirectory()) throw failure('cannot write: the folder it lies in does not exist', parts);
  await access(folder, constants.W_OK).catch((error: unknown) => {
    throw unwritable(path, error);
  });
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory()) throw failure('cannot write: it is a folder', parts);
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
 * Values of float32 have nine digits, those of float64 as many as they need: both give the same bits back.
 */
const digits = (data: HostTensor['data'], from: number, to: number): number[] =>
  data instanceof Float32Array
    ? Array.from(data.subarray(from, to), value => Number(value.toPrecision(9)))
    : [...data.subarray(from, to)];

/** A column of text after those of numbers. */
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

/** Writes rows to a .csv or .npy file, or as CSV to stdout where no file is named. */
export async function writeRows(
  path: string | undefined,
  rows: HostTensor,
  columns?: readonly string[],
  last?: TextColumn,
): Promise<void> {
  if (path === undefined) return print(tensorCsv(rows, columns, last));
  if (path.toLowerCase().endsWith('.npy')) return writeFileAtomic(path, writeNpy(stored(rows), rows.shape));
  return writeFileAtomic(path, [...tensorCsv(rows, columns, last)].join(''));
}

/** Tables keep their digits; levels of pixels have few, and pictures are many numbers. */
const stored = ({ data, shape }: HostTensor): HostTensor['data'] =>
  shape.length > 2 ? Float32Array.from(data) : data;

/**
 * Writes to stdout no faster than it is read.
 * @throws failure where it cannot be written; the system's own EPIPE where its reader has had enough
 */
export async function print(pieces: Iterable<string>): Promise<void> {
  for (const piece of pieces) {
    await new Promise<void>((done, fail) => {
      process.stdout.write(piece, error => (error ? fail(unprinted(error)) : done()));
    });
  }
}

/** What stops stdout. A reader that has had enough, such as `head`, is no failure. */
export const unprinted = (error: Error): Error =>
  errorCode(error) === 'EPIPE'
    ? error
    : failure(`cannot write: ${writeFault(error)}`, {
        where: 'stdout',
        remedy: 'Send the output to another place',
      });

export const printJson = (value: unknown): Promise<void> => print([`${JSON.stringify(value)}\n`]);
