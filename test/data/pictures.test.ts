import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCifar, readIdx } from '../../src/data/index.ts';

const idx = (type: number, shape: readonly number[], data: Uint8Array) => {
  const extents = Buffer.alloc(4 * shape.length);
  shape.forEach((extent, i) => {
    extents.writeUInt32BE(extent, 4 * i);
  });
  return Buffer.concat([Uint8Array.of(0, 0, type, shape.length), extents, data]);
};

describe('idx', () => {
  test('bytes of any shape come back', () => {
    const shapes = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(shapes, fc.nat({ max: 255 }), (shape, first) => {
        const data = Uint8Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => first + i);
        expect(readIdx(idx(8, shape, data), 'x')).toEqual({ data, shape });
      }),
    );
  });

  test('wider numbers are stored with the high byte first', () => {
    const double = Buffer.alloc(8);
    double.writeDoubleBE(Math.PI);
    expect([...readIdx(idx(14, [1], double), 'x').data]).toEqual([Math.PI]);
    expect([...readIdx(idx(11, [2], Uint8Array.of(1, 0, 255, 254)), 'x').data]).toEqual([256, -2]);
    expect([...readIdx(idx(12, [1], Uint8Array.of(0, 0, 1, 2)), 'x').data]).toEqual([258]);
  });

  test('every truncation, padding and strange header is refused', () => {
    const bytes = idx(8, [2, 3], new Uint8Array(6));
    for (let length = 0; length < bytes.length; length++)
      expect(() => readIdx(bytes.subarray(0, length), 'cut')).toThrow(/^cut: /);
    expect(() => readIdx(Buffer.concat([bytes, bytes]), 'long')).toThrow('cut short or padded');
    expect(() => readIdx(idx(10, [1], new Uint8Array(1)), 'type')).toThrow('not an IDX file');
    expect(() => readIdx(idx(8, Array(9).fill(2 ** 32 - 1), new Uint8Array(1)), 'huge')).toThrow(
      'impossible shape',
    );
  });
});

describe('cifar', () => {
  const record = (label: number, first: number) =>
    Uint8Array.from({ length: 3073 }, (_, i) => (i === 0 ? label : first + i - 1));

  test('records of several files follow one another', () => {
    const one = { bytes: Buffer.concat([record(3, 0), record(9, 7)]), where: 'a.bin' };
    const { data, shape, labels } = readCifar([one, { bytes: record(0, 100), where: 'b.bin' }]);
    expect(shape).toEqual([3, 3, 32, 32]);
    expect([...labels]).toEqual([3, 9, 0]);
    expect([data[0], data[3071], data[3072], data[2 * 3072]]).toEqual([0, 3071 % 256, 7, 100]);
  });

  test('truncated files and impossible labels are refused', () => {
    for (const length of [0, 1, 3072])
      expect(() => readCifar([{ bytes: record(1, 0).subarray(0, length), where: 'a.bin' }])).toThrow(
        'a.bin: not a whole number',
      );
    const bad = { bytes: Buffer.concat([record(1, 0), record(10, 0)]), where: 'a.bin' };
    expect(() => readCifar([bad])).toThrow('a.bin, record 2: not a CIFAR-10 record; got "label 10"');
  });
});
