import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { encode } from 'fast-png';
import { afterAll, describe, expect, test } from 'vitest';
import { resizeAndCrop } from '../../src/data/formats/images/resize.ts';
import { openDataset } from '../../src/data/index.ts';
import { LangevinError } from '../../src/errors.ts';
import { writeNpy, writeNpz } from '../../src/files/index.ts';
import { train } from '../../src/run/train/train.ts';

const home = mkdtempSync(join(tmpdir(), 'langevin-damaged-'));
afterAll(() => rmSync(home, { recursive: true }));

const ramp = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 37) % 251);
const npy = writeNpy(Float32Array.from(ramp(24)), [6, 4]);
const idx = Buffer.concat([Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 6, 0, 0, 0, 2, 0, 0, 0, 2), ramp(24)]);
const csv = Buffer.from('a,b,c\n1,2,3\n4,5,6.5\n7,8,1e3\n"2",3,4');

/** A complete file of every kind that can be read, by a name of that kind. */
const WHOLE: Readonly<Record<string, Uint8Array>> = {
  'a.npy': npy,
  'a.npz': writeNpz({ x: { data: Float32Array.from(ramp(24)), shape: [6, 4] } }),
  'a.idx': idx,
  'a.bin': new Uint8Array(2 * 3073).fill(7),
  'a.csv': csv,
  'a.npy.gz': gzipSync(npy),
  'a.idx.gz': gzipSync(idx),
  'a.csv.gz': gzipSync(csv),
  'folder/a.png': encode({ width: 5, height: 4, channels: 3, depth: 8, data: ramp(60) }),
};
/** Kinds whose rows can stay in the file, with or without a checksum. */
const STREAMED = ['a.npy', 'a.idx', 'a.bin', 'folder/a.png'];

/** The result of opening these bytes under this name: values, or an error that names the file. */
async function outcome(name: string, bytes: Uint8Array, stream: boolean): Promise<string> {
  const [first, second] = name.split('/') as [string, string?];
  const path = join(home, first);
  if (second) mkdirSync(path, { recursive: true });
  writeFileSync(second ? join(path, second) : path, bytes);
  try {
    const data = await openDataset(path, { stream });
    const values = new Float32Array(3 * data.transform.size);
    data.batch(values, { seed: 0, stream: 'x' }, 0, 3);
    data.close?.();
    return `[${data.shape}] × ${data.count}: ${values.subarray(0, 1000)}`;
  } catch (error) {
    if (!(error instanceof LangevinError)) throw error;
    expect(error.parts.where, error.message).toContain(path);
    return error.message;
  }
}

/** A change of some bytes, a part removed or repeated, or a count made extreme. */
const damage = fc.oneof(
  fc
    .record({ at: fc.nat(), bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }) })
    .map(({ at, bytes }) => (whole: Uint8Array) => {
      const out = Uint8Array.from(whole);
      bytes.forEach((byte, i) => {
        out[(at + i) % out.length] = byte;
      });
      return out;
    }),
  fc
    .record({ at: fc.nat(), length: fc.integer({ min: -20, max: 20 }) })
    .map(({ at, length }) => (whole: Uint8Array) => {
      const from = at % whole.length;
      return Uint8Array.from([...whole.subarray(0, from), ...whole.subarray(Math.max(0, from + length))]);
    }),
  fc
    .record({ at: fc.nat(), word: fc.constantFrom(0xffffffff, 0x7fffffff, 0x80000000, 0), low: fc.boolean() })
    .map(({ at, word, low }) => (whole: Uint8Array) => {
      const out = Uint8Array.from(whole);
      new DataView(out.buffer).setUint32(at % (out.length - 3), word, low);
      return out;
    }),
);

describe.each(Object.entries(WHOLE))('%s', (name, whole) => {
  test('cut anywhere gives an error that names the file, or for a table fewer rows', async () => {
    const good = await outcome(name, whole, false);
    const lengths = Array.from({ length: Math.min(whole.length, 150) }, (_, i) =>
      Math.floor((i * whole.length) / Math.min(whole.length, 150)),
    );
    for (const length of lengths) {
      const got = await outcome(name, whole.subarray(0, length), false);
      if (name === 'a.bin' && length === 3073) expect(got).toMatch(/^\[3,32,32\] × 1/);
      else if (name === 'a.csv') expect(got).not.toBe(good);
      else expect(got, `${length} bytes`).not.toMatch(/^\[/);
    }
  });

  test('changed anywhere gives data or a clear error, the same from the file as from memory', async () => {
    await fc.assert(
      fc.asyncProperty(damage, async harm => {
        const bytes = harm(whole);
        const memory = await outcome(name, bytes, false);
        if (!STREAMED.includes(name)) return;
        const streamed = await outcome(name, bytes, true);
        // A missing value is modelled if the rows are in memory, and refused if they stay in the file.
        if (streamed !== memory) expect(streamed).toMatch(/not a finite number.*NaN/);
      }),
      { numRuns: 150 },
    );
  });
});

describe('folders of images', () => {
  const folder = (files: Readonly<Record<string, Uint8Array>>) => {
    const at = mkdtempSync(join(home, 'images-'));
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(at, name), bytes);
    return at;
  };
  const good = WHOLE['folder/a.png']!;
  const small = encode({ width: 4, height: 4, channels: 1, depth: 8, data: ramp(16) });

  test.each([true, false])('of mixed sizes name the file of another size (streamed: %s)', async stream => {
    const at = folder({ 'a.png': good, 'b.png': small });
    await expect(openDataset(at, { stream })).rejects.toThrow(
      /b\.png: images of different sizes; got "4 × 4"/,
    );
    expect((await openDataset(at, { stream, size: 3 })).shape).toEqual([3, 3, 3]);
  });

  test.each([true, false])(
    'an image that is a folder, or a link to nothing, is named (streamed: %s)',
    async stream => {
      const at = folder({ 'a.png': good });
      mkdirSync(join(at, 'b.png'));
      await expect(openDataset(at, { stream })).rejects.toThrow(/b\.png: an image that is no file/);
      rmSync(join(at, 'b.png'), { recursive: true });
      symlinkSync(join(at, 'nowhere'), join(at, 'c.png'));
      await expect(openDataset(at, { stream })).rejects.toThrow(/c\.png: an image that cannot be read/);
    },
  );

  test('an image one pixel wide and millions high is cropped before it is scaled', () => {
    const tall = { width: 1, height: 2 ** 24, channels: 1, data: new Uint8Array(2 ** 24).fill(9) } as const;
    expect(resizeAndCrop(tall, 64).data).toEqual(new Uint8Array(4096).fill(9));
  });
});

test.each([false, true])('nothing is written for damaged data (streamed: %s)', async stream => {
  for (const [name, whole] of Object.entries(WHOLE)) {
    if (name === 'a.csv' || (stream && !STREAMED.includes(name))) continue;
    const path = join(home, 'cut', name.replace('/a.png', ''));
    const file = name.includes('/') ? join(path, 'a.png') : path;
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, whole.subarray(0, whole.length - 9));
    const out = join(home, 'runs', 'run');
    const cut = train({ data: path, out, stream, steps: 1, engine: 'cpu' });
    await expect(cut, name).rejects.toThrow(LangevinError);
    expect(existsSync(out)).toBe(false);
  }
  expect(readdirSync(home)).not.toContain('runs');
});
