import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { affine, type OpenOptions, openDataset } from '../../src/data/index.ts';
import { writeNpy, writeNpz } from '../../src/files/index.ts';
import { key } from '../../src/random/index.ts';
import { scalesOf } from '../support/affine.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'langevin-data-'));
});
afterAll(() => rm(home, { recursive: true }));

const open = async (name: string, bytes: string | Uint8Array, options?: OpenOptions) => {
  await writeFile(join(home, name), bytes);
  return openDataset(join(home, name), options);
};

describe('openDataset', () => {
  test('a toy by name, standardised or raw, or through the transform of a run', async () => {
    const moons = await openDataset('moons');
    expect([moons.count, moons.shape, scalesOf(moons).shift[0]]).toEqual([
      Infinity,
      [2],
      expect.closeTo(0.5, 12),
    ]);
    expect([...scalesOf(await openDataset('moons', { scaling: 'none' })).scale]).toEqual([1, 1]);
    const transform = affine([1, 2], [3, 4]);
    expect((await openDataset('moons', { transform })).transform).toBe(transform);
    await expect(openDataset('moons', { transform: affine([0], [1]) })).rejects.toThrow('for other data');
  });

  test('columns of pixels become images of the requested shape, with their levels on [-1, 1]', async () => {
    const pixels = 'a,b,c,d\n0,3,1,2\n2,2,0,3\n1,0,3,3\n';
    const images = await open('pixels.csv', pixels, { shape: [2, 2], levels: 4 });
    expect([images.shape, images.columns, images.transform.bins]).toEqual([[2, 2], [...'abcd'], true]);
    expect([...scalesOf(images).shift, ...scalesOf(images).scale]).toEqual(Array(8).fill(2));
    expect(images.all?.().shape).toEqual([3, 2, 2]);
    await expect(open('pixels.csv', pixels, { shape: [2, 3] })).rejects.toThrow(
      /\[2,3\], 6 numbers.*expected 4/,
    );
    await expect(open('pixels.csv', pixels, { levels: 3 })).rejects.toThrow(/out of range/);
    await expect(openDataset('moons', { shape: [2, 1] })).rejects.toThrow(/takes no shape/);
  });

  test('each kind of file is read by its ending, compressed or not', async () => {
    const values = Float32Array.of(1, 2, 3, 4, 5, 7);
    const npy = writeNpy(values, [3, 2]);
    const pixels = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255);
    expect((await open('a.csv', 'x,y\n1,2\n3,5\n')).columns).toEqual(['x', 'y']);
    expect((await open('a.tsv', 'x\ty\n1\t2\n3\t5\n')).columns).toEqual(['x', 'y']);
    for (const data of [
      await open('a.npy', npy),
      await open('a.npy.gz', gzipSync(npy)),
      await open('a.npz', writeNpz({ x: { data: values, shape: [3, 2] } })),
    ])
      expect(data.all!()).toEqual({ data: Float64Array.from(values), shape: [3, 2] });
    for (const data of [
      await open('t-idx3-ubyte', pixels),
      await open('t-idx3-ubyte.gz', gzipSync(pixels)),
    ]) {
      expect([data.shape, data.count, data.transform.bins]).toEqual([[1, 2], 1, true]);
      expect([...data.transform.inverse([-1, 1], new Float64Array(2))]).toEqual([0, 256]);
    }
    expect((await open('c.bin', new Uint8Array(3073))).shape).toEqual([3, 32, 32]);
    const flat = await open('flat.npy', writeNpy(Float64Array.of(1, 2, 4), [3]));
    expect([flat.shape, flat.count]).toEqual([[1], 3]);
  });

  test('an array of an archive with several arrays is chosen by name', async () => {
    const row = { data: Float32Array.of(1, 2), shape: [2] };
    const two = writeNpz({ train: row, test: { data: Float32Array.of(5, 6, 7), shape: [3] } });
    expect((await open('two.npz', two, { array: 'test' })).count).toBe(3);
    await expect(open('two.npz', two)).rejects.toThrow(
      'several arrays; got "train, test"; expected one of train [2] f4, test [3] f4. Name the one to use: --array test',
    );
    await expect(open('two.npz', two, { array: 'tset' })).rejects.toThrow('Did you mean "test"');
  });

  test('the error for a wrong name lists what exists', async () => {
    await expect(openDataset('eight-gausians')).rejects.toThrow(
      /Did you mean "eight-gaussians"\?.*moons.*\.csv.*\.npy/,
    );
    await expect(openDataset('toString')).rejects.toThrow('Unknown data "toString"');
    await expect(openDataset('none.csv')).rejects.toThrow('none.csv: no such file');
    await expect(open('a.xlsx', '')).rejects.toThrow(/ending is not supported.*\.csv/);
    await expect(openDataset(home)).rejects.toThrow('no images in the folder');
    await mkdir(join(home, 'folder.csv'));
    await expect(openDataset(join(home, 'folder.csv'))).rejects.toThrow('folder.csv: no images');
  });

  test('options that do not fit are refused', async () => {
    await expect(openDataset('moons', { dequantize: true })).rejects.toThrow(
      'a toy density takes no dequantize',
    );
    await expect(openDataset('moons', { columns: ['x'] })).rejects.toThrow('takes no columns');
    await expect(open('b.npy', writeNpy(Float32Array.of(1), [1]), { exclude: ['x'] })).rejects.toThrow(
      'Unknown column "x"',
    );
  });

  test('damaged gzip, and gzip made to exhaust memory, are refused', async () => {
    const packed = gzipSync(Buffer.alloc(2_000_000));
    await expect(open('z.csv.gz', packed, { maxBytes: 1_000_000 })).rejects.toThrow(
      'inflates to too much; expected at most 1000000 bytes',
    );
    await expect(open('z.csv.gz', packed.subarray(0, 100))).rejects.toThrow('not a whole gzip file');
    await expect(open('z.csv.gz', 'x,y\n1,2\n')).rejects.toThrow(
      /not a whole gzip file; got "text".*take the ending off: mv \S*z\.csv\.gz \S*z\.csv$/,
    );
  });
});

describe('real data', () => {
  const digits = '../shared/data/digits.csv';
  const mnist = '../shared/data/t10k-images-idx3-ubyte.gz';

  test('the digits table', async ({ skip }) => {
    skip(!existsSync(digits), `${digits} is not here`);
    const data = await openDataset(digits, {
      columns: ['p0..p63'],
      dequantize: true,
      part: 'train',
      testFraction: 0.2,
    });
    expect([data.count, data.shape, data.columns!.at(-1)]).toEqual([1797 - 359, [64], 'p63']);
    expect((await openDataset(digits, { exclude: ['label'], dequantize: true })).columns).toEqual(
      data.columns,
    );
    const plain = await openDataset(digits, { exclude: ['label'] });
    expect(plain.columns).not.toContain('p32');
    expect(plain.notes).toContain('constant, written back and not modelled: "p0", "p32", "p39"');
    const out = new Float32Array(64 * 1438);
    data.batch(out, key(0, 'train/data'), 0, 1438);
    const square = out.reduce((sum, value) => sum + value * value, 0) / out.length;
    expect(square).toBeCloseTo(1, 2);
  });

  test('the MNIST test images', async ({ skip }) => {
    skip(!existsSync(mnist), `${mnist} is not here`);
    const data = await openDataset(mnist);
    expect([data.count, data.shape, data.transform.bins]).toEqual([10_000, [28, 28], true]);
    const pixels = data.all!().data;
    expect(pixels.reduce((a, b) => Math.max(a, b))).toBe(255);
    const mean = pixels.reduce((a, b) => a + b, 0) / pixels.length / 255;
    expect(mean).toBeCloseTo(0.1325, 4); // the published mean of the test part
  });
});
