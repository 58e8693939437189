import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openerOf } from '../../src/data/formats/openers.ts';
import { type LoadOptions, READERS } from '../../src/data/formats/readers.ts';
import { openDataset } from '../../src/data/index.ts';
import { loadTable } from '../../src/data/load.ts';
import { LangevinError } from '../../src/errors.ts';
import { writeNpy, writeNpz } from '../../src/files/index.ts';
import { idxFile } from '../data/formats/arrays.ts';
import { values } from '../support/draw.ts';

const home = mkdtempSync(join(tmpdir(), 'langevin-readers-'));
afterAll(() => rmSync(home, { recursive: true }));

/** A file and the numbers in it. */
interface Written {
  readonly bytes: Uint8Array;
  readonly shape: readonly number[];
  readonly numbers: readonly number[];
  readonly columns?: readonly string[];
}

const levels = (seed: number, count: number) => [...values(seed, count, 0, 256)].map(Math.floor);
const text = (mark: string) => (seed: number) => {
  const numbers = [...values(seed, 15, -1e3, 1e3)].map(v => v * Math.PI);
  const lines = Array.from({ length: 5 }, (_, i) => numbers.slice(3 * i, 3 * i + 3).join(mark));
  const bytes = Buffer.from([['a', 'b', 'c'].join(mark), ...lines, ''].join('\n'));
  return { bytes, shape: [5, 3], numbers, columns: ['a', 'b', 'c'] };
};
const records = (form: (rows: readonly object[]) => string) => (seed: number) => {
  const { numbers, columns, shape } = text(',')(seed);
  const row = (i: number) => Object.fromEntries(columns.map((name, d) => [name, numbers[3 * i + d]]));
  return { bytes: Buffer.from(form([0, 1, 2, 3, 4].map(row))), shape, numbers, columns };
};
const lines = records(rows => rows.map(row => `${JSON.stringify(row)}\n`).join(''));
const array = (seed: number) => ({ data: values(seed, 24, -9, 9), shape: [4, 3, 2] });

function pictures(seed: number): Written {
  const numbers = levels(seed, 24);
  return { bytes: idxFile([4, 3, 2], numbers), shape: [4, 3, 2], numbers };
}

/** How a file of each name is written. */
const WRITERS: Readonly<Record<string, (seed: number) => Written>> = {
  '.csv': text(','),
  '.tsv': text('\t'),
  '.tab': text('\t'),
  '.txt': text(','),
  '.dat': text(','),
  '.data': text(','),
  '.json': records(rows => JSON.stringify(rows)),
  '.jsonl': lines,
  '.ndjson': lines,
  '.npy': seed => {
    const { data, shape } = array(seed);
    return { bytes: writeNpy(data, shape), shape, numbers: [...data] };
  },
  '.npz': seed => {
    const { data, shape } = array(seed);
    return { bytes: writeNpz({ x: { data, shape } }), shape, numbers: [...data] };
  },
  '-idx3-ubyte': pictures,
  '.idx': pictures,
  '.bin': seed => {
    const numbers = levels(seed, 2 * 3072);
    const records = [numbers.slice(0, 3072), numbers.slice(3072)].flatMap((pixels, i) => [i + 1, ...pixels]);
    return { bytes: Uint8Array.from(records), shape: [2, 3, 32, 32], numbers };
  },
};
/** The names that a reader shows: `.tsv, .tab` are two names. */
const namesOf = (shown: string) => shown.replace(/ \(.*\)/, '').split(', ');
const SEED = 7;

function put(name: string, bytes: Uint8Array): string {
  const path = join(home, name);
  writeFileSync(path, bytes);
  return path;
}

/** The whole table of a file. */
async function tableOf(path: string, options: LoadOptions = {}) {
  const { table, levels } = await loadTable(path, options);
  const numbers = [...table.values.subarray(0, table.values.length)].map(Number);
  table.values.close?.();
  return { shape: [table.count, ...table.shape], numbers, columns: table.columns, levels };
}

/** A table, or an error that names the file. Anything else is thrown. */
async function outcome(path: string, options?: LoadOptions): Promise<string> {
  try {
    return `${(await tableOf(path, options)).shape}`;
  } catch (error) {
    if (!(error instanceof LangevinError)) throw error;
    expect(error.parts.where, error.message).toContain(path);
    return error.message;
  }
}

/** Bytes of a file with some of them changed, removed or repeated. */
const damaged = (whole: Uint8Array) =>
  fc
    .record({
      at: fc.nat(whole.length - 1),
      lost: fc.integer({ min: -8, max: 24 }),
      bytes: fc.uint8Array({ maxLength: 4 }),
    })
    .map(({ at, lost, bytes }) =>
      Uint8Array.from([...whole.subarray(0, at), ...bytes, ...whole.subarray(Math.max(0, at + lost))]),
    );

describe.each(READERS)('reader of $shown', ({ ending, shown, gives }) => {
  const names = namesOf(shown);
  const open = openerOf(names[0]!);

  it.each(names)('reads %s to the numbers that were written, also compressed', async name => {
    const { bytes, shape, numbers, columns } = WRITERS[name]!(SEED);
    expect(`whole${name}`).toMatch(ending);
    const wanted = { shape, numbers, columns, levels: gives === 'pictures' };
    expect(await tableOf(put(`whole${name}`, bytes))).toEqual(wanted);
    expect(await tableOf(put(`whole${name}.gz`, gzipSync(bytes)))).toEqual(wanted);
    expect(columns !== undefined).toBe(gives === 'columns');
  });

  it.each(names)('gives the rows of a File %s', async name => {
    const { bytes } = WRITERS[name]!(SEED);
    const at = put(`dropped${name}`, bytes);
    const dropped = new File([Uint8Array.from(bytes)], `dropped${name}`);
    const packed = new File([Uint8Array.from(gzipSync(bytes))], `dropped${name}.gz`);
    const [here, there, unpacked] = await Promise.all([at, dropped, packed].map(each => openDataset(each)));
    expect(there!.all?.()).toEqual(here!.all?.());
    expect(unpacked!.all?.()).toEqual(here!.all?.());
    expect(there!.columns).toEqual(here!.columns);
  });

  const [name] = names as [string];
  const written = WRITERS[name]!(SEED);
  const path = (what: string) => `${what}${name}`;

  it(
    open ? 'gives the same numbers from the file, row by row' : 'refuses to leave rows in the file',
    async () => {
      const file = put(path('streamed'), written.bytes);
      if (open) expect(await tableOf(file, { stream: true })).toEqual(await tableOf(file));
      else
        await expect(tableOf(file, { stream: true })).rejects.toThrow(/cannot be read one by one.*--stream/s);
    },
  );

  it(gives === 'columns' ? 'gives the requested columns' : 'refuses a choice of columns', async () => {
    const file = put(path('columns'), written.bytes);
    const asked = tableOf(file, { columns: ['c', 'a'] } as LoadOptions);
    if (gives !== 'columns') return expect(asked).rejects.toThrow(/only of a table with a header/);
    const { columns, numbers } = await asked;
    const [first, , third] = written.numbers;
    expect(new Set(columns)).toEqual(new Set(['a', 'c']));
    return expect(new Set(numbers.slice(0, 2))).toEqual(new Set([first, third]));
  });

  it.each([
    ['empty', new Uint8Array(0)],
    ['cut short', written.bytes.subarray(0, Math.floor(written.bytes.length / 3) | 1)],
    ['full of zeros', new Uint8Array(50)],
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13)],
    ['noise', Uint8Array.from(levels(3, 500))],
  ])('names a file that is %s', async (what, bytes) => {
    const file = put(path(what.replaceAll(' ', '-')), bytes);
    const said = await outcome(file);
    if (gives !== 'columns' || what !== 'cut short') expect(said).toContain(file);
    expect(await outcome(put(`${path('packed')}.gz`, bytes))).toContain('packed');
  });

  it('names a missing file', async () => {
    expect(await outcome(join(home, path('absent')))).toContain(join(home, path('absent')));
  });

  it('never throws a raw exception, whatever a file contains', async () => {
    await fc.assert(
      fc.asyncProperty(damaged(written.bytes), fc.boolean(), async (bytes, stream) => {
        await outcome(put(path('damaged'), bytes), open && stream ? { stream } : {});
      }),
      { numRuns: 60, seed: 12 },
    );
  });
});
