import { failure } from '../errors.ts';

/** The arrays a file of plain numbers is read into. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array;

/** A C-ordered array as read from a file. */
export interface FileArray {
  readonly data: NumberArray;
  readonly shape: readonly number[];
}

/** An array that can be filled element by element. */
interface Fillable {
  readonly length: number;
  [place: number]: number;
}

/**
 * Fills `out` with f of each value, and returns it. The `from` method of typed arrays with a function first
 * collects all values in an ordinary list, which takes several times their memory; this function does not.
 */
export function mapInto<Out extends Fillable, Value>(
  out: Out,
  values: ArrayLike<Value>,
  f: (value: Value, place: number) => number,
): Out {
  for (let i = 0; i < out.length; i++) out[i] = f(values[i]!, i);
  return out;
}

/** Checks an untrusted value, for example from a file: a list of whole numbers from 0. */
export const isShape = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every(extent => Number.isSafeInteger(extent) && extent >= 0);

/**
 * The number of elements of a shape that came from a file.
 * @throws failure for negative or fractional extents, and for products past 2^53
 */
export function elementCount(shape: readonly number[], where: string): number {
  const count = shape.reduce((product, extent) => product * extent, 1);
  if (!isShape(shape) || !Number.isSafeInteger(count))
    throw failure('impossible shape', { where, got: `[${shape}]`, expected: 'whole numbers from 0' });
  return count;
}

/** Whether this machine stores the low byte first, as all the formats here but IDX do. */
export const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** A copy of `bytes` with the byte order of each `size`-byte number reversed. */
export function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) out[i] = bytes[i - (i % size) + (size - 1 - (i % size))]!;
  return out;
}

/**
 * A new buffer with `bytes`, which are numbers of `size` bytes stored low byte first, in this machine's byte
 * order.
 */
export function aligned(bytes: Uint8Array, size: number): ArrayBuffer {
  const copy = littleEndian || size === 1 ? new Uint8Array(bytes) : swapped(bytes, size);
  return copy.buffer as ArrayBuffer;
}

/** The bytes of a typed array, low byte first. */
export function littleBytes(data: ArrayBufferView & { readonly BYTES_PER_ELEMENT: number }): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return littleEndian || data.BYTES_PER_ELEMENT === 1 ? bytes : swapped(bytes, data.BYTES_PER_ELEMENT);
}
