import { closeSync, openSync, readdirSync, truncateSync, writeSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type OpenOptions, openDataset } from '../../src/data/index.ts';
import { writeNpy } from '../../src/files/index.ts';
import { key } from '../../src/random/index.ts';
import { inChild } from '../support/child.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'langevin-stream-'));
});
afterAll(() => rm(home, { recursive: true }));

const byte = (i: number) => (i * 2_654_435_761) >>> 24;
const bytes = (count: number, from = 0) => Uint8Array.from({ length: count }, (_, i) => byte(from + i));
const save = async (name: string, content: Uint8Array) => {
  await writeFile(join(home, name), content);
  return join(home, name);
};

const idx = (type: number, shape: readonly number[], data: Uint8Array) => {
  const extents = Buffer.alloc(4 * shape.length);
  shape.forEach((extent, i) => {
    extents.writeUInt32BE(extent, 4 * i);
  });
  return Buffer.concat([Uint8Array.of(0, 0, type, shape.length), extents, data]);
};

const cifarRecords = (count: number, from: number) => {
  const all = bytes(3073 * count, from);
  for (let i = 0; i < count; i++) all[3073 * i] = i % 10;
  return all;
};

/** Every kind of file whose rows can stay in it, with values that differ from row to row. */
const SOURCES: Readonly<Record<string, () => Promise<string>>> = {
  'float32 .npy': () =>
    save(
      'a.npy',
      writeNpy(
        Float32Array.from(bytes(24 * 37), b => b / 7 - 3),
        [37, 24],
      ),
    ),
  'float64 .npy': () =>
    save(
      'b.npy',
      writeNpy(
        Float64Array.from(bytes(24 * 37), b => b / 7 - 3),
        [37, 4, 6],
      ),
    ),
  'IDX of bytes': () => save('c-idx3-ubyte', idx(8, [41, 5, 6], bytes(41 * 30))),
  'IDX of 16-bit numbers': () => save('d.idx', idx(11, [41, 6], bytes(2 * 41 * 6))),
  'CIFAR-10 .bin': () => save('e.bin', cifarRecords(11, 3)),
  'CIFAR-10 folder': async () => {
    await mkdir(join(home, 'cifar'), { recursive: true });
    await save('cifar/data_batch_1.bin', cifarRecords(7, 0));
    await save('cifar/data_batch_2.bin', cifarRecords(6, 99));
    return join(home, 'cifar');
  },
  'folder of grey and coloured PNG': async () => {
    await mkdir(join(home, 'png'), { recursive: true });
    for (let i = 0; i < 9; i++) {
      const channels = i === 5 ? 3 : 1;
      const data = bytes(20 * channels, 20 * i);
      await save(`png/${i}.png`, encode({ width: 5, height: 4, channels, depth: 8, data }));
    }
    return join(home, 'png');
  },
};

const stream = key(3, 'data');
const both = async (path: string, options: OpenOptions) =>
  [
    await openDataset(path, { ...options, stream: false }),
    await openDataset(path, { ...options, stream: true }),
  ] as const;

describe.each(Object.entries(SOURCES))('%s', (_name, make) => {
  const variants: readonly OpenOptions[] = [
    {},
    { part: 'train', testFraction: 0.3, seed: 5 },
    { part: 'test', scaling: 'standard', testFraction: 0.4 },
  ];
  test.each(variants)('gives the same bytes of a batch as from memory, with %o', async options => {
    const path = await make();
    const [memory, stored] = await both(path, options);
    const size = memory.transform.size;
    expect(stored.transform.toJSON()).toEqual(memory.transform.toJSON());
    expect([stored.shape, stored.count, stored.notes]).toEqual([memory.shape, memory.count, memory.notes]);
    for (const step of [0, 1, 7]) {
      const [a, b] = [new Float32Array(10 * size), new Float32Array(10 * size)];
      memory.batch(a, stream, step, 10);
      stored.batch(b, stream, step, 10);
      expect(Buffer.from(b.buffer).equals(Buffer.from(a.buffer)), `step ${step}`).toBe(true);
    }
    expect(stored.all!()).toEqual(memory.all!());
    expect(memory.close).toBeUndefined();
    stored.close!();
  });
});

test('flips are the same from a file', async () => {
  const [memory, stored] = await both(await SOURCES['CIFAR-10 .bin']!(), { flips: true });
  const [a, b] = [new Float32Array(11 * 3072), new Float32Array(11 * 3072)];
  memory.batch(a, stream, 0, 11);
  stored.batch(b, stream, 0, 11);
  expect(b).toEqual(a);
  expect([memory.flips, stored.flips]).toEqual([true, true]);
  stored.close!();
});

test('the classes of CIFAR-10 are the same from its files', async () => {
  const [memory, stored] = await both(await SOURCES['CIFAR-10 folder']!(), { labels: 'own' });
  expect(stored.labels!.classes).toEqual(memory.labels!.classes);
  expect(stored.labels!.values).toEqual(memory.labels!.values);
  expect(stored.labels!.batch(stream, 3, 10)).toEqual(memory.labels!.batch(stream, 3, 10));
  stored.close!();
});

describe('what cannot be streamed', () => {
  test('is refused if streaming is requested, with the reason', async () => {
    const npy = writeNpy(Float32Array.from(bytes(12)), [6, 2]);
    for (const path of [
      await save('a.csv', Buffer.from('x\n1\n2\n')),
      await save('z.npy.gz', gzipSync(npy)),
      await save(
        'f.npy',
        Buffer.from(Buffer.from(npy).toString('latin1').replace('False,', 'True, '), 'latin1'),
      ),
    ])
      await expect(openDataset(path, { stream: true })).rejects.toThrow(/cannot be read one by one/);
  });

  test('wrong values are found in the file as in memory', async () => {
    const values = Float32Array.from({ length: 40 }, (_, i) => i);
    values[33] = Infinity;
    const path = await save('nan.npy', writeNpy(values, [20, 2]));
    const said = await Promise.all(
      [true, false].map(stream => openDataset(path, { stream }).catch((error: Error) => error.message)),
    );
    expect(said[0]).toMatch(/row 17, element \[1\]/);
    expect(said[1]).toBe(said[0]);
    const cifar = cifarRecords(3, 0);
    cifar[3073] = 10;
    const bin = await save('bad.bin', cifar);
    await expect(openDataset(bin, { stream: true })).rejects.toThrow(
      /bad.bin, record 2: not a CIFAR-10 record/,
    );
  });

  test('a file that is cut short while in use gives an error, not zeros', async () => {
    const path = await save('cut.idx', idx(8, [50, 4, 4], bytes(800)));
    const data = await openDataset(path, { stream: true });
    truncateSync(path, 100);
    const out = new Float32Array(50 * 16);
    expect(() => data.batch(out, stream, 0, 50)).toThrow(
      /cut.idx: the file was cut short while it was in use/,
    );
    data.close!();
  });

  test('the temporary pixels of a folder are removed', async () => {
    const [folder, own] = [await SOURCES['folder of grey and coloured PNG']!(), join(home, 'own')];
    await mkdir(own);
    vi.stubEnv('TMPDIR', own);
    const data = await openDataset(folder, { stream: true });
    await save('png/broken.png', Buffer.from('\x89PNG\r\n\x1a\n and no image', 'latin1'));
    await expect(openDataset(folder, { stream: true })).rejects.toThrow(/broken.png: the PNG is cut short/);
    vi.stubEnv('TMPDIR', join(home, 'nowhere'));
    await expect(openDataset(folder, { stream: true })).rejects.toThrow(/cannot be written.*set TMPDIR/);
    vi.unstubAllEnvs();
    expect(readdirSync(own)).toEqual([]);
    data.close!();
    await rm(join(home, 'png/broken.png'));
  });
});

test('a file of 384 MiB is streamed by default, and costs less than 96 MiB', async () => {
  const path = join(home, 'large.idx');
  const [count, side] = [24 * 1024, 128];
  const handle = openSync(path, 'w');
  writeSync(handle, idx(8, [count, side, side], new Uint8Array(0)));
  for (let i = 0; i < 24; i++) writeSync(handle, new Uint8Array(1024 * side * side).fill(i));
  closeSync(handle);
  const { said, before, peak } = inChild(
    { openDataset: 'src/data/index.js' },
    `const data = await openDataset(${JSON.stringify(path)});
     const out = new Float32Array(32 * data.transform.size);
     for (let step = 0; step < 100; step++) data.batch(out, { seed: 1, stream: 'data' }, step, 32);
     said = 'close' in data ? 'streamed' : 'read';`,
  );
  expect(said).toBe('streamed');
  expect(peak - before).toBeLessThan(96);
}, 60_000);
