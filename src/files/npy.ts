import { failure, usage } from '../errors.ts';
import { joinBytes, latin1Bytes } from './bytes.ts';
import { fromHalf } from './half.ts';
import { readHead, unreadableType } from './npy-head.ts';
import { aligned, elementCount, type FileArray, littleBytes, mapInto, type NumberArray } from './numbers.ts';

/** The NumPy arrays that can be read: one entry for each kind and size in `descr`. */
const READERS: Readonly<Record<string, (buffer: ArrayBuffer, where: string, first: number) => NumberArray>> =
  {
    f2: buffer => halves(new Uint16Array(buffer)),
    f4: buffer => new Float32Array(buffer),
    f8: buffer => new Float64Array(buffer),
    i1: buffer => new Int8Array(buffer),
    i2: buffer => new Int16Array(buffer),
    i4: buffer => new Int32Array(buffer),
    i8: (buffer, where, first) => narrowed(new BigInt64Array(buffer), where, first),
    u1: buffer => new Uint8Array(buffer),
    u2: buffer => new Uint16Array(buffer),
    u4: buffer => new Uint32Array(buffer),
    u8: (buffer, where, first) => narrowed(new BigUint64Array(buffer), where, first),
    b1: buffer => new Uint8Array(buffer),
  };

/**
 * Reads an array in NumPy's `.npy` format, versions 1 to 3, low byte first. Fortran order becomes C order,
 * 64-bit integers become float64, float16 becomes float32, booleans become 0 and 1.
 * @throws failure naming `where` for anything else: another type, pickled objects, a length that differs from
 * the header's
 */
export function readNpy(bytes: Uint8Array, where: string): FileArray {
  const { start, fortran, shape, decode } = npyHeader(bytes, bytes.length, where);
  const data = decode(bytes.subarray(start));
  return { data: fortran ? rowMajor(data, shape) : data, shape };
}

/** What the header of a `.npy` says about the values after it. */
export interface NpyHeader {
  readonly shape: readonly number[];
  readonly count: number;
  /** Where the values begin, and the bytes of each. */
  readonly start: number;
  readonly size: number;
  /** Whether the first axis runs fastest. */
  readonly fortran: boolean;
  /** Decodes any part of the values from their bytes; `first` is the index of its first value, for errors. */
  decode(bytes: Uint8Array, first?: number): NumberArray;
  /** Set for unsigned values of one byte: they are in 0 … 255 without a check. */
  readonly known?: 'bytes';
}

/**
 * The header alone, from the first bytes of the file, checked against the length of the whole file.
 * @throws failure naming `where`, as `readNpy`
 */
export function npyHeader(bytes: Uint8Array, length: number, where: string): NpyHeader {
  const { descr, fortran, shape, start } = readHead(bytes, where);
  const kind = numberKind(descr, where);
  const size = Number(kind[1]);
  const count = elementCount(shape, where);
  if (length - start !== count * size)
    throw failure('the file is cut short or padded', {
      where,
      got: `${length - start} bytes of data`,
      expected: `${count * size} for shape [${shape}] of ${kind}`,
    });
  const decode = (body: Uint8Array, first = 0) => READERS[kind]!(aligned(body, size), where, first);
  return { shape, count, start, size, fortran, decode, ...(kind === 'u1' && { known: 'bytes' }) };
}

/**
 * Writes a float32 or float64 array as `.npy` version 1, C order, the data aligned to 64 bytes.
 * @throws usage if the data does not fill the shape
 */
export function writeNpy(data: Float32Array | Float64Array, shape: readonly number[]): Uint8Array {
  if (elementCount(shape, 'npy') !== data.length)
    throw usage('the data does not fill its shape', { got: `${data.length} values`, expected: `[${shape}]` });
  const extents = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const kind = data instanceof Float64Array ? 'f8' : 'f4';
  const dictionary = `{'descr': '<${kind}', 'fortran_order': False, 'shape': (${extents}), }`;
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const header = latin1Bytes(`${dictionary.padEnd(length - 1)}\n`);
  const prefix = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 0xff, length >> 8);
  return joinBytes([prefix, header, littleBytes(data)]);
}

/** What an array holds, to show to people and to choose between several arrays. */
export interface NpyForm {
  /** As NumPy writes it: `<f4`, `<U12`. */
  readonly type: string;
  readonly shape: readonly number[];
  /** Numbers and texts are read; anything else (`O`, dates, records) is not. */
  readonly holds: 'numbers' | 'text' | 'other';
}

/** Type and shape from the first bytes of a `.npy`. @throws failure naming `where` for a damaged header */
export function npyForm(bytes: Uint8Array, where: string): NpyForm {
  const { descr, shape } = readHead(bytes, where);
  const [, kind = '', size = ''] = /^[<|=>]?([a-zA-Z])(\d*)$/.exec(descr) ?? [];
  const numbers = Object.hasOwn(READERS, kind + size);
  return { type: descr, shape, holds: numbers ? 'numbers' : /[US]/.test(kind) ? 'text' : 'other' };
}

/** The type of the numbers, as a key of the readers: `f4`. */
function numberKind(descr: string, where: string): string {
  const typed = /^([<|=>]?)([a-zA-Z])(\d*)$/.exec(descr);
  const kind = typed ? `${typed[2]}${typed[3]}` : '';
  if (!typed || !Object.hasOwn(READERS, kind)) throw unreadableType(`'${descr}'`, where);
  if (typed[1] === '>' && !kind.endsWith('1')) throw unreadableType(`'${descr}' (high byte first)`, where);
  return kind;
}

const halves = (bits: Uint16Array) => mapInto(new Float32Array(bits.length), bits, fromHalf);

function narrowed(wide: BigInt64Array | BigUint64Array, where: string, first: number): Float64Array {
  return mapInto(new Float64Array(wide.length), wide as ArrayLike<bigint>, (value, i) => {
    const number = Number(value);
    if (!Number.isSafeInteger(number))
      throw failure('an integer past 2^53', { where: `${where}, element ${first + i}`, got: value });
    return number;
  });
}

/** Column-major to row-major. Walks the output in order and tracks the source offset by its strides. */
function rowMajor(data: NumberArray, shape: readonly number[]): NumberArray {
  const out = data.slice();
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1));
  const index = shape.map(() => 0);
  let source = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = data[source]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      source -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}
