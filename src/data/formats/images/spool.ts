import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failure } from '../../../errors.ts';
import type { Numbers, Table } from '../../table.ts';
import { openFile, storedNumbers } from '../stored.ts';
import { described, type Pictures, planes } from './picture.ts';

/**
 * Decodes every image once, to planes of bytes one after another in a temporary file (of the system's folder for such, TMPDIR),
 * from which rows are read as they are wanted. The file has no name any more once it is open, so that nothing is left of it.
 * @throws failure for damaged images, and if the file cannot be written
 */
export async function spool(source: Pictures): Promise<Table<Numbers>> {
  const path = join(tmpdir(), `langevin-images-${randomUUID()}.tmp`);
  try {
    const first = await source.read(0);
    const found = (await write(source, path, first.channels === 3)) ?? (await write(source, path, true))!;
    const count = source.count * found.size;
    const file = openFile(path);
    const decode = (bytes: Uint8Array) => bytes;
    const values = storedNumbers(file, { start: 0, size: 1, count, decode, known: 'bytes' });
    const { where } = source;
    return {
      where,
      values,
      count: source.count,
      ...described(first, found.colour, found.grey, source.count),
    };
  } finally {
    await rm(path, { force: true });
  }
}

/** Writes all of them; undefined if one has colours where none were looked for. */
async function write({ count, read }: Pictures, path: string, colour: boolean) {
  const handle = await open(path, 'w', 0o600).catch(unwritable(path));
  let [grey, size] = [0, 0];
  try {
    for (let i = 0; i < count; i++) {
      const picture = await read(i);
      if (picture.channels === 3 && !colour) return undefined;
      grey += Number(picture.channels === 1);
      const row = planes(picture, colour);
      size = row.length;
      await handle.writeFile(row).catch(unwritable(path));
    }
    return { grey, size, colour };
  } finally {
    await handle.close();
  }
}

const unwritable = (where: string) => (error: Error) => {
  throw failure('the pixels of the images cannot be written', {
    where,
    got: error.message,
    remedy: 'Free space there, or set TMPDIR to a folder with more.',
  });
};
