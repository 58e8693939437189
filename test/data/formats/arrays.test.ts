import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Zippable, zipSync } from 'fflate';
import { afterAll, describe, expect, test } from 'vitest';
import { type OpenOptions, openDataset } from '../../../src/data/index.ts';
import { writeNpy } from '../../../src/files/index.ts';
import { scalesOf } from '../../support/affine.ts';
import { idxFile, npyFile } from './arrays.ts';

const home = mkdtempSync(join(tmpdir(), 'langevin-arrays-'));
afterAll(() => rmSync(home, { recursive: true }));

/** Writes files and opens the first one. */
function open(files: Readonly<Record<string, Uint8Array | string>>, options: OpenOptions) {
  const folder = mkdtempSync(join(home, 'case-'));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  return openDataset(join(folder, Object.keys(files)[0]!), { scaling: 'none', ...options });
}

const rows = npyFile('<f4', [3, 2], new Float32Array([1.5, 2, 3, 4, 5, 6.25]));
const whole = npyFile('<i8', [3], new BigInt64Array([7n, 2n, 7n]));
const column = npyFile('|u1', [3, 1], new Uint8Array([7, 2, 7]));
/** The bytes NumPy writes for ['b', 'ä', 'b'], with four bytes per character. */
const wide = npyFile('<U2', [3], new Uint32Array([98, 0, 0xe4, 0, 98, 0]));
const bytes = npyFile('|S2', [3, 1], Buffer.from('b\0ä\0b\0'.replace('ä\0', 'ä'), 'utf8'));
const objects = npyFile('|O', [3], new Uint8Array(40));
const npz = (members: Zippable) => zipSync(members);

describe('labels', () => {
  test.each<[string, Record<string, Uint8Array | string>, string, string[]]>([
    ['a list', { 'x.npy': rows, 'y.npy': whole }, 'y.npy', ['2', '7']],
    ['[N, 1]', { 'x.npy': rows, 'y.npy': column }, 'y.npy', ['2', '7']],
    ['wide texts', { 'x.npy': rows, 'y.npy': wide }, 'y.npy', ['b', 'ä']],
    ['bytes of text, [N, 1]', { 'x.npy': rows, 'y.npy.gz': gzipSync(bytes) }, 'y.npy.gz', ['b', 'ä']],
    ['of the same archive', { 'a.npz': npz({ 'x.npy': rows, 'y.npy': whole }) }, 'y', ['2', '7']],
    ['texts of the same archive', { 'a.npz': npz({ 'y.npy': wide, 'x.npy': rows }) }, 'y', ['b', 'ä']],
    ['an archive of one array', { 'x.npy': rows, 'y.npz': npz({ 'y.npy': column }) }, 'y.npz', ['2', '7']],
    ['an IDX file by another name', { 'x.npy': rows, y: idxFile([3, 1], [7, 2, 7]) }, 'y', ['2', '7']],
    ['lines', { 'x.npy': rows, 'y.txt': 'b\r\nä\r\n"b"\r\n' }, 'y.txt', ['b', 'ä']],
  ])('%s', async (_what, files, labels, classes) => {
    const data = await open(files, { labels });
    expect([data.labels!.classes, data.count, data.shape]).toEqual([classes, 3, [2]]);
    const [first, second] = labels === 'y.txt' || classes[0] === 'b' ? [0, 1] : [1, 0];
    expect([...data.labels!.values]).toEqual([first, second, first]);
    expect([...data.all!().data]).toEqual([1.5, 2, 3, 4, 5, 6.25]);
  });

  test('a first line in addition to the labels is their name, and a note says so', async () => {
    const { labels, notes } = await open(
      { 'x.npy': rows, 'y.csv': 'species\na\nb\na\n' },
      { labels: 'y.csv' },
    );
    expect(labels!.classes).toEqual(['a', 'b']);
    expect(notes).toContain('the first line of y.csv is not a label but their name: species');
  });

  test.each<[string, Uint8Array | string, RegExp]>([
    ['one-hot', npyFile('|u1', [3, 2], new Uint8Array(6)), /got "shape \[3,2\]".*labels\.argmax\(axis=1\)/],
    ['pickled objects', objects, /a type of array that is not read; got "'\|O'"/],
    ['several columns', '0,a\n1,b\n2,a\n', /several columns.*got "0,a"/],
    ['other bytes', new Uint8Array([1, 2, 3, 255]), /not a file of labels; got "first bytes 1 2 3 255"/],
    ['nothing', '', /not a file of labels; got "an empty file"/],
    ['too few', 'a\nb\n', /not as many labels as rows; got "2 labels"/],
    ['characters that are none', npyFile('<U1', [3], new Uint32Array([97, 2 ** 31, 97])), /element 1: not a/],
  ])('%s are refused', async (_what, content, message) => {
    await expect(open({ 'x.npy': rows, 'y.any': content }, { labels: 'y.any' })).rejects.toThrow(message);
  });
});

describe('an archive', () => {
  const strays = {
    '__MACOSX/._x.npy': Buffer.from('fork'),
    '._x.npy': Buffer.from('fork'),
    'readme.txt': Buffer.from('hello'),
  };

  test('with one array of numbers is read, whatever else is in it; a note says what is left out', async () => {
    const { shape, notes } = await open(
      { 'a.npz': npz({ ...strays, 'names.npy': wide, 'x.npy': rows, 'more.npy': objects }) },
      {},
    );
    expect(shape).toEqual([2]);
    expect(notes).toEqual(['arrays left out, as they hold no numbers: names [3] U2, more [3] O']);
    expect((await open({ 'a.npz': npz({ ...strays, 'x.npy': rows }) }, {})).notes).toEqual([]);
  });

  test('is opened for the array that is named, even if another is damaged', async () => {
    const archive = zipSync({ 'bad.npy': rows, 'x.npy': rows }, { level: 0 });
    archive.fill(9, 60, 100);
    expect((await open({ 'a.npz': archive }, { array: 'x' })).array).toBe('x');
    await expect(open({ 'a.npz': archive }, { array: 'bad' })).rejects.toThrow('the checksum differs');
  });

  test('a file of another kind has no arrays to choose from', async () => {
    await expect(open({ 'x.npy': rows }, { array: 'x' })).rejects.toThrow(
      /x\.npy: an array can be chosen only of an \.npz/,
    );
  });
});

test.each(['train-images-idx3-ubyte', 'train-images.idx3-ubyte', 'digits.idx', 'digits.idx3'])(
  '%s is IDX',
  async name => {
    for (const stream of [false, true])
      expect((await open({ [name]: idxFile([2, 1, 2], [1, 2, 3, 4]) }, { stream })).shape).toEqual([1, 2]);
  },
);

test('numpy.save and this package write the same bytes for numbers', () => {
  expect(npyFile('<f4', [3, 2], new Float32Array(6))).toEqual(
    Uint8Array.from(writeNpy(new Float32Array(6), [3, 2])),
  );
});

describe('arrays that are pictures', () => {
  /** Rows [2, 2] whose first pixel is constant. */
  const pixels = (descr: string, make: (values: number[]) => ArrayBufferView, top: number) =>
    npyFile(descr, [3, 2, 2], make([0, 1, top, 1, 0, 2, 1, top, 0, top, 2, 2]));
  const bytesOf = (values: number[]) => Uint8Array.from(values);

  test.each<[string, Uint8Array, RegExp]>([
    ['of bytes', pixels('|u1', bytesOf, 200), /element \[0, 0\]".*--levels 256$/],
    ['of few levels', pixels('<i4', v => Int32Array.from(v), 3), /--levels 4$/],
    ['of 17 levels as floats', pixels('<f4', v => Float32Array.from(v), 16), /--levels 17$/],
    ['over 0 … 1', pixels('<f4', v => Float32Array.from(v, x => x / 4), 4), /numpy\.rint\(255 \* x\)/],
    ['below 0', pixels('<f4', v => Float32Array.from(v, x => -x), 4), /Leave those places out/],
  ])(
    '%s: the error for a constant pixel contains the options that read it',
    async (_what, content, message) => {
      const standard = { scaling: 'standard' } as const;
      await expect(open({ 'x.npy': content }, standard)).rejects.toThrow(/constant over the training rows/);
      await expect(open({ 'x.npy': content }, standard)).rejects.toThrow(message);
    },
  );

  test('many constant pixels give a short message, and the remedy works', async () => {
    const blank = npyFile('|u1', [4, 28, 28], new Uint8Array(4 * 784));
    const error = await open({ 'x.npy': blank }, { scaling: 'standard' }).catch((e: Error) => e.message);
    expect(error).toMatch(/element \[0, 3\] and 780 more"/);
    const { bins, scale } = scalesOf(
      await open({ 'x.npy': blank }, { scaling: 'symmetric', dequantize: true, levels: 256 }),
    );
    expect([bins, scale[0]]).toEqual([true, 128]);
  });

  test.each<[number[], RegExp | undefined]>([
    [[8, 8, 3], /rows of shape \[8, 8, 3\] look like images.*numpy\.moveaxis\(x, -1, 1\)/],
    [[8, 8, 1], /numpy\.squeeze\(x, -1\)/],
    [[3, 8, 8], undefined],
    [[1, 8, 8], undefined],
    [[8, 8], undefined],
  ])('rows of shape %j', async (shape, remark) => {
    const size = shape.reduce((a, b) => a * b, 2);
    const { notes } = await open(
      { 'x.npy': npyFile('|u1', [2, ...shape], new Uint8Array(size)) },
      { levels: 256 },
    );
    if (remark) expect(notes.join()).toMatch(remark);
    else expect(notes).toEqual([]);
  });

  test('a list of numbers takes the shape of an image; rows with a shape of their own do not', async () => {
    const of = (shape: number[]) => ({ 'x.npy': npyFile('|u1', [2, ...shape], new Uint8Array(150)) });
    const shape = [3, 5, 5];
    const shapes = [[75], [75, 1], [3, 5, 5], [1, 3, 5, 5]];
    for (const own of shapes) expect((await open(of(own), { shape })).shape).toEqual(shape);
    await expect(open(of([5, 5, 3]), { shape })).rejects.toThrow(/got "\[5,5,3\]".*Channels come first/);
    await expect(open(of([15, 5]), { shape })).rejects.toThrow(/the rows have another shape; got "\[15,5\]"/);
    await expect(open(of([75]), { shape: [7] })).rejects.toThrow('the rows cannot take this shape');
  });
});

describe('an array in a gzip file is decoded piece by piece', () => {
  const count = 100_001;
  const numbers = Float64Array.from({ length: count }, (_, i) => i / 7 - 3);
  const idxOfDoubles = () => {
    const body = Buffer.alloc(8 * count);
    for (const [i, value] of numbers.entries()) body.writeDoubleBE(value, 8 * i);
    const head = Buffer.from([0, 0, 14, 1, 0, 0, 0, 0]);
    head.writeUInt32BE(count, 4);
    return Buffer.concat([head, body]);
  };

  test.each<[string, string, () => Uint8Array, readonly number[]]>([
    ['.npy of float64', 'a.npy.gz', () => npyFile('<f8', [count], numbers), [...numbers]],
    ['.idx of float64, whose numbers lie across pieces', 'a.idx.gz', idxOfDoubles, [...numbers]],
  ])('%s', async (_what, name, file, wanted) => {
    const data = await open({ [name]: gzipSync(file(), { level: 1 }) }, {});
    expect(data.count).toBe(count);
    expect([...data.all!().data]).toEqual(wanted);
  });

  test('a number that cannot be is told by its place in the whole', async () => {
    const wide = new BigInt64Array(count);
    wide[70_000] = 2n ** 60n;
    const packed = gzipSync(npyFile('<i8', [count], wide), { level: 1 });
    await expect(open({ 'a.npy.gz': packed }, {})).rejects.toThrow('element 70000: an integer past 2^53');
  });
});
