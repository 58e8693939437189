import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { encode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import { finiteDataset, openDataset, readCsv, type Table } from '../../src/data/index.ts';
import { writeNpy } from '../../src/files/npy.ts';
import { key } from '../../src/random/index.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const csv = (text: string, labels: string) => readCsv(bytes(text), 'x.csv', { labels });

describe('labels of a column', () => {
  it('become classes and are not a column of the data', () => {
    const { columns, labels, values } = csv('a,kind,b\n1,rose,2\n3,iris,4\n5, rose ,6\n', 'kind');
    expect(columns).toEqual(['a', 'b']);
    expect([...values]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(labels).toEqual({
      source: 'kind',
      classes: ['iris', 'rose'],
      values: Int32Array.of(1, 0, 1),
    });
  });

  it('of whole numbers are sorted as numbers', () => {
    expect(csv('a,k\n1,10\n2,9\n3,-1\n', 'k').labels?.classes).toEqual(['-1', '9', '10']);
  });

  it('are refused if the column is missing, a row has none, or all are the same', () => {
    expect(() => csv('a,kind\n1,x\n', 'knid')).toThrow(/Did you mean "kind"/);
    expect(() => csv('a,kind\n1,x\n2,\n', 'kind')).toThrow(/row 2.*without a label/s);
    expect(() => csv('a,kind\n1,x\n2,x\n', 'kind')).toThrow(/one class/);
    const many = Array.from({ length: 5000 }, (_, i) => `${i},${i / 7}`).join('\n');
    expect(() => csv(`a,kind\n${many}\n`, 'kind')).toThrow(/too many different labels/);
  });
});

describe('labels of a data set', () => {
  const count = 37;
  const table: Table = {
    where: 'memory',
    values: Float64Array.from({ length: count }, (_, i) => i),
    count,
    shape: [1],
    labels: {
      source: 'kind',
      classes: ['0', '1', '2'],
      values: Int32Array.from({ length: count }, (_, i) => i % 3),
    },
  };

  it('stay with their rows in every batch and epoch', () => {
    const data = finiteDataset('memory', table, { part: 'train', scaling: 'none' });
    expect(data.labels!.values).toEqual(Int32Array.from(data.rows!, row => row % 3));
    const rows = new Float32Array(20);
    for (let step = 0; step < 6; step++) {
      data.batch(rows, key(4, 'data'), step, 20);
      expect(data.labels!.batch(key(4, 'data'), step, 20)).toEqual(Int32Array.from(rows, x => x % 3));
    }
  });
});

/** An IDX file of bytes. */
function idx(shape: readonly number[], values: readonly number[]): Uint8Array {
  const head = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  head.setUint8(2, 8);
  head.setUint8(3, shape.length);
  shape.forEach((extent, i) => {
    head.setUint32(4 + 4 * i, extent);
  });
  return Uint8Array.of(...new Uint8Array(head.buffer), ...values);
}

describe('labels of files', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'labels-'));
    const pixels = Array.from({ length: 3 * 4 }, (_, i) => i);
    await writeFile(join(folder, 'pictures-idx3-ubyte'), idx([3, 2, 2], pixels));
    await writeFile(join(folder, 'labels-idx1-ubyte.gz'), gzipSync(idx([3], [7, 2, 7])));
    await writeFile(join(folder, 'few-idx1-ubyte'), idx([2], [0, 1]));
    await writeFile(join(folder, 'labels.npy'), writeNpy(Float32Array.of(7, 2, 7), [3]));
    await writeFile(join(folder, 'halves.npy'), writeNpy(Float32Array.of(7, 2.5, 7), [3]));
    const record = (label: number) => [label, ...new Array<number>(3072).fill(label)];
    await writeFile(join(folder, 'data.bin'), Uint8Array.from([...record(8), ...record(0), ...record(8)]));
  });
  const open = (file: string, labels: string) => openDataset(join(folder, file), { labels });

  it.each([
    ['pictures-idx3-ubyte', 'labels-idx1-ubyte.gz', ['2', '7']],
    ['pictures-idx3-ubyte', 'labels.npy', ['2', '7']],
    ['data.bin', 'own', ['0', '8']],
  ])('%s with %s', async (file, labels, classes) => {
    const { labels: found } = await open(file, labels);
    expect(found!.classes).toEqual(classes);
    expect([...found!.values]).toEqual([1, 0, 1]);
  });

  it('are the subfolders of a folder of images, each image in one of them', async () => {
    const picture = (grey: number) =>
      encode({ width: 2, height: 2, channels: 1, depth: 8, data: new Uint8Array(4).fill(grey) });
    for (const [name, grey] of [
      ['cats/1.png', 10],
      ['ants/deep/a.png', 20],
      ['cats/0.png', 30],
    ] as const) {
      await mkdir(join(folder, 'zoo', dirname(name)), { recursive: true });
      await writeFile(join(folder, 'zoo', name), picture(grey));
    }
    const { labels, all } = await open('zoo', 'own');
    expect(labels!.classes).toEqual(['ants', 'cats']);
    const firsts = [0, 4, 8].map(i => Math.floor(all!().data[i]!));
    expect([...labels!.values].map((k, row) => [labels!.classes[k], firsts[row]])).toEqual([
      ['ants', 20],
      ['cats', 30],
      ['cats', 10],
    ]);
    await writeFile(join(folder, 'zoo/stray.png'), picture(40));
    await expect(open('zoo', 'own')).rejects.toThrow(/stray\.png.*in no class/);
  });

  it('are refused if they do not fit, with the reason', async () => {
    await expect(open('pictures-idx3-ubyte', 'few-idx1-ubyte')).rejects.toThrow(/2 labels.*expected 3/s);
    await expect(open('pictures-idx3-ubyte', 'pictures-idx3-ubyte')).rejects.toThrow(/not a list/);
    await expect(open('pictures-idx3-ubyte', 'halves.npy')).rejects.toThrow(/whole number/);
    await expect(open('pictures-idx3-ubyte', 'none.npy')).rejects.toThrow(/no such file of labels/);
    await expect(open('pictures-idx3-ubyte', 'own')).rejects.toThrow(/no labels of its own/);
    await expect(openDataset('moons', { labels: 'kind' })).rejects.toThrow(/takes no labels/);
  });
});
