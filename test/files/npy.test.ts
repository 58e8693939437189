import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readNpy, writeNpy } from '../../src/files/index.ts';

/** A file as numpy.save writes it, with this header text. */
const file = (header: string, data: Uint8Array, version = 1) => {
  const text = Buffer.from(`${header}\n`, version === 3 ? 'utf8' : 'latin1');
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  version === 1 ? length.writeUInt16LE(text.length) : length.writeUInt32LE(text.length);
  return Buffer.concat([Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]), length, text, data]);
};
const header = (descr: string, shape: string, order = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;
const bytesOf = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

const shapes = fc.array(fc.nat({ max: 5 }), { maxLength: 4 });
const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
const arrays = shapes.chain(shape =>
  fc.oneof(
    fc.float32Array({ minLength: size(shape), maxLength: size(shape) }).map(data => ({ data, shape })),
    fc.float64Array({ minLength: size(shape), maxLength: size(shape) }).map(data => ({ data, shape })),
  ),
);

describe('npy', () => {
  test('what is written comes back, bit for bit, data aligned to 64 bytes', () => {
    fc.assert(
      fc.property(arrays, ({ data, shape }) => {
        const bytes = writeNpy(data, shape);
        const back = readNpy(bytes, 'a.npy');
        expect(back.shape).toEqual(shape);
        expect(back.data.constructor).toBe(data.constructor);
        expect(bytesOf(back.data)).toEqual(bytesOf(data));
        expect((bytes.length - data.byteLength) % 64).toBe(0);
      }),
    );
  });

  test('the header is the same as that of numpy.save', () => {
    const bytes = Buffer.from(writeNpy(Float32Array.of(1, 2, 3), [3]));
    expect(bytes.subarray(0, 10).toString('latin1')).toBe('\x93NUMPY\x01\x00v\x00');
    expect(bytes.subarray(10, 128).toString()).toBe(
      `${"{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }".padEnd(117)}\n`,
    );
  });

  test.each([
    ['<f2', Uint16Array.of(0x3c00, 0xc000), [1, -2]],
    ['<f4', Float32Array.of(1.5, -2), [1.5, -2]],
    ['<f8', Float64Array.of(0.1, -2), [0.1, -2]],
    ['|i1', Int8Array.of(-128, 127), [-128, 127]],
    ['<i2', Int16Array.of(-300, 300), [-300, 300]],
    ['<i4', Int32Array.of(-70000, 7), [-70000, 7]],
    ['<i8', BigInt64Array.of(-5n, 2n ** 53n - 1n), [-5, 2 ** 53 - 1]],
    ['|u1', Uint8Array.of(0, 255), [0, 255]],
    ['<u2', Uint16Array.of(0, 65535), [0, 65535]],
    ['<u4', Uint32Array.of(0, 2 ** 32 - 1), [0, 2 ** 32 - 1]],
    ['<u8', BigUint64Array.of(0n, 9n), [0, 9]],
    ['|b1', Uint8Array.of(0, 1), [0, 1]],
  ])('%s, in each version', (descr, data, expected) => {
    for (const version of [1, 2, 3]) {
      const { data: back, shape } = readNpy(file(header(descr, '(2,)'), bytesOf(data), version), 'a.npy');
      expect([...back]).toEqual(expected);
      expect(shape).toEqual([2]);
    }
  });

  test('Fortran order is turned into C order', () => {
    fc.assert(
      fc.property(shapes, shape => {
        const flat = Float32Array.from({ length: size(shape) }, (_, i) => i);
        const index = (i: number) =>
          shape.map((extent, axis) => Math.floor(i / size(shape.slice(axis + 1))) % extent);
        const columns = new Float32Array(flat.length);
        flat.forEach((value, i) => {
          const place = index(i).reduce((sum, at, axis) => sum + at * size(shape.slice(0, axis)), 0);
          columns[place] = value;
        });
        const text = header('<f4', `(${shape.map(extent => `${extent},`).join('')})`, 'True');
        expect([...readNpy(file(text, bytesOf(columns)), 'f.npy').data]).toEqual([...flat]);
      }),
    );
  });

  test('every truncation and every padding is refused', () => {
    const bytes = writeNpy(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
    for (let length = 0; length < bytes.length; length++)
      expect(() => readNpy(bytes.subarray(0, length), 'cut.npy')).toThrow(/^cut\.npy: /);
    expect(() => readNpy(Buffer.concat([bytes, Buffer.alloc(1)]), 'long.npy')).toThrow('cut short or padded');
  });

  test('a byte changed anywhere gives an array or a clear error', () => {
    const bytes = writeNpy(Float32Array.of(1, 2), [2]);
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }), (at, value) => {
        const copy = Uint8Array.from(bytes);
        copy[at] = value;
        try {
          expect(readNpy(copy, 'bad.npy').data.byteLength).toBeLessThanOrEqual(16);
        } catch (error) {
          expect(String(error)).toMatch(/LangevinError: bad\.npy/);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['pickled objects', header('|O', '(2,)'), /not read.*"'\|O'"/],
    ['high byte first', header('>f4', '(2,)'), /high byte first/],
    ['complex numbers', header('<c8', '(1,)'), /not read/],
    ['structured types', "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", /structured/],
    ['a negative extent', header('<f4', '(-2,)'), /damaged header/],
    ['a huge shape', header('<f4', '(99999999, 99999999, 99999999)'), /impossible shape/],
    ['a shape past the file', header('<f4', '(99999999,)'), /cut short/],
    ['code', "{'descr': '<f4', 'fortran_order': exit(), 'shape': (2,), }", /damaged header/],
    ['a key twice', "{'shape': (2,), 'descr': '<f4', 'shape': (1,), 'fortran_order': False, }", /twice/],
    ['a missing key', "{'descr': '<f4', 'shape': (2,), }", /damaged header/],
    ['integers past 2^53', header('<u8', '(1,)'), /element 0: an integer past 2\^53/],
  ])('%s are refused', (_, text, message) => {
    expect(() => readNpy(file(text, new Uint8Array(8).fill(255)), 'x.npy')).toThrow(message);
  });

  test('data that does not fill its shape is not written', () => {
    expect(() => writeNpy(new Float32Array(3), [2, 2])).toThrow('does not fill');
  });
});
