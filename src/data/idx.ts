import { failure } from '../errors.ts';
import { elementCount, type FileArray, littleEndian, type NumberArray, swapped } from '../files/numbers.ts';

/** The third byte of an IDX file, and the array it stands for. */
const TYPES: Readonly<
  Record<number, { new (buffer: ArrayBuffer): NumberArray; readonly BYTES_PER_ELEMENT: number }>
> = {
  8: Uint8Array,
  9: Int8Array,
  11: Int16Array,
  12: Int32Array,
  13: Float32Array,
  14: Float64Array,
};

/**
 * Reads the IDX format of MNIST: two zero bytes, a type, the number of dimensions, their extents as 32-bit integers with the high
 * byte first, then the values, likewise.
 * @throws failure naming `where` for any other bytes, and if the length is not what the header says
 */
export function readIdx(bytes: Uint8Array, where: string): FileArray {
  const [zero, nought, type = 0, rank = 0] = bytes;
  const make = TYPES[type];
  if (zero !== 0 || nought !== 0 || !make || rank === 0)
    throw failure('not an IDX file', { where, got: `first bytes ${[...bytes.subarray(0, 4)].join(' ')}` });
  const start = 4 + 4 * rank;
  if (bytes.length < start) throw failure('the header is cut short', { where });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = make.BYTES_PER_ELEMENT;
  const expected = elementCount(shape, where) * size;
  if (bytes.length - start !== expected)
    throw failure('the file is cut short or padded', {
      where,
      got: `${bytes.length - start} bytes of data`,
      expected: `${expected} for shape [${shape}]`,
    });
  const body = bytes.subarray(start);
  const ordered = littleEndian && size > 1 ? swapped(body, size) : new Uint8Array(body);
  return { data: new make(ordered.buffer as ArrayBuffer), shape };
}
