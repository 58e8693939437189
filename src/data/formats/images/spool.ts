import { randomUUID } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failure } from '../../../errors.ts';
import type { Numbers, Table } from '../../table.ts';
import { openedFile, storedNumbers } from '../stored.ts';
import { described, type Pictures, planes } from './picture.ts';

/** An open file in the system's folder for temporary files, TMPDIR. */
interface Scratch {
  readonly path: string;
  readonly handle: number;
}

/**
 * Decodes every image once into a temporary file, as consecutive planes of bytes. Rows are read from it on
 * demand. The file is unlinked before its first byte is written, so nothing remains however this process
 * ends. Windows keeps the names of open files; there the name is removed when the file is closed.
 * @throws failure for damaged images, and if the file cannot be written
 */
export async function spool(source: Pictures): Promise<Table<Numbers>> {
  const scratch = openScratch();
  try {
    const first = await source.read(0);
    const extent =
      (await write(source, scratch, first.channels === 3)) ?? (await write(source, scratch, true))!;
    const count = source.count * extent.size;
    const file = openedFile(scratch.handle, scratch.path);
    const close = () => discard(scratch);
    const layout = {
      start: 0,
      size: 1,
      count,
      decode: (bytes: Uint8Array) => bytes,
      known: 'bytes',
    } as const;
    return {
      where: source.where,
      values: storedNumbers({ ...file, close }, layout),
      count: source.count,
      ...described(first, extent.colour, extent.grey, source.count),
    };
  } catch (error) {
    discard(scratch);
    throw error;
  }
}

function openScratch(): Scratch {
  const path = join(tmpdir(), `langevin-images-${randomUUID()}.tmp`);
  return guarded(path, () => {
    const handle = openSync(path, 'wx+', 0o600);
    if (process.platform !== 'win32') rmSync(path);
    return { path, handle };
  });
}

function discard({ path, handle }: Scratch): void {
  closeSync(handle);
  rmSync(path, { force: true });
}

/** Writes all images; undefined if one has colours but `colour` is false. */
async function write({ count, read }: Pictures, { path, handle }: Scratch, colour: boolean) {
  guarded(path, () => ftruncateSync(handle));
  let [grey, size] = [0, 0];
  for (let i = 0; i < count; i++) {
    const picture = await read(i);
    if (picture.channels === 3 && !colour) return undefined;
    grey += Number(picture.channels === 1);
    const row = planes(picture, colour);
    size = row.length;
    for (let written = 0; written < size; )
      written += guarded(path, () => writeSync(handle, row, written, size - written, i * size + written));
  }
  return { grey, size, colour };
}

function guarded<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw failure('the pixels of the images cannot be written', {
      where,
      got: error instanceof Error ? error.message : String(error),
      remedy: 'Free some space there, or set TMPDIR to a folder with more space.',
    });
  }
}
