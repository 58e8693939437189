import { failure } from '../../errors.ts';
import {
  elementCount,
  type FileArray,
  littleEndian,
  type NumberArray,
  swapped,
} from '../../files/numbers.ts';
import type { Layout } from './stored.ts';

/** The third byte of an IDX file, and its array type. */
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

/** Names of such files: `train-images-idx3-ubyte`, `train-images.idx3-ubyte`, `digits.idx`. */
export const IDX_NAME = /(-idx\d-ubyte|\.idx\d?(-ubyte)?)$/i;

/** The header of an IDX file: its shape, where the values begin, and how to decode them. */
export interface IdxHeader extends Layout {
  readonly shape: readonly number[];
}

/**
 * Reads the header of an IDX file from its first bytes (1,024 are always enough), and checks it against the
 * length of the file.
 * @throws failure naming `where` for any other bytes, and if the length does not fit the header
 */
export function idxHeader(bytes: Uint8Array, length: number, where: string): IdxHeader {
  const [zero, nought, type = 0, rank = 0] = bytes;
  const make = TYPES[type];
  if (zero !== 0 || nought !== 0 || !make || rank === 0)
    throw failure('not an IDX file', { where, got: `first bytes ${[...bytes.subarray(0, 4)].join(' ')}` });
  const start = 4 + 4 * rank;
  if (bytes.length < start) throw failure('the header is cut short', { where });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = make.BYTES_PER_ELEMENT;
  const count = elementCount(shape, where);
  if (length - start !== count * size)
    throw failure('the file is cut short or padded', {
      where,
      got: `${length - start} bytes of data`,
      expected: `${count * size} for shape [${shape}]`,
    });
  const decode = (body: Uint8Array) => {
    const ordered = littleEndian && size > 1 ? swapped(body, size) : new Uint8Array(body);
    return new make(ordered.buffer as ArrayBuffer);
  };
  return { shape, start, size, count, decode, ...(make === Uint8Array && { known: 'bytes' }) };
}

/**
 * Reads the IDX format of MNIST: two zero bytes, a type, the number of dimensions, their sizes as big-endian
 * 32-bit integers, then the values, also big-endian.
 * @throws failure naming `where` for any other bytes, and if the length does not fit the header
 */
export function readIdx(bytes: Uint8Array, where: string): FileArray {
  const { shape, start, decode } = idxHeader(bytes, bytes.length, where);
  return { data: decode(bytes.subarray(start)), shape };
}
