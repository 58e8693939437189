import { failure, usage } from '../errors.ts';
import { fromHalf } from './half.ts';
import { aligned, elementCount, type FileArray, littleBytes, type NumberArray } from './numbers.ts';

/** The arrays of NumPy that are read: one entry a kind and size of its `descr`. */
const READERS: Readonly<Record<string, (buffer: ArrayBuffer, where: string) => NumberArray>> = {
  f2: buffer => Float32Array.from(new Uint16Array(buffer), fromHalf),
  f4: buffer => new Float32Array(buffer),
  f8: buffer => new Float64Array(buffer),
  i1: buffer => new Int8Array(buffer),
  i2: buffer => new Int16Array(buffer),
  i4: buffer => new Int32Array(buffer),
  i8: (buffer, where) => narrowed(new BigInt64Array(buffer), where),
  u1: buffer => new Uint8Array(buffer),
  u2: buffer => new Uint16Array(buffer),
  u4: buffer => new Uint32Array(buffer),
  u8: (buffer, where) => narrowed(new BigUint64Array(buffer), where),
  b1: buffer => new Uint8Array(buffer),
};

/**
 * Reads an array in NumPy's `.npy` format, versions 1 to 3, low byte first. Fortran order is turned into C order,
 * 64-bit integers become float64, float16 becomes float32, booleans 0 and 1.
 * @throws failure naming `where` for anything else: another type, pickled objects, a length that is not the header's
 */
export function readNpy(bytes: Uint8Array, where: string): FileArray {
  const { start, fortran, shape, decode } = npyHeader(bytes, bytes.length, where);
  const data = decode(bytes.subarray(start));
  return { data: fortran ? rowMajor(data, shape) : data, shape };
}

/** What the header of a `.npy` says of the values after it. */
export interface NpyHeader {
  readonly shape: readonly number[];
  readonly count: number;
  /** Where the values begin, and the bytes of each. */
  readonly start: number;
  readonly size: number;
  /** Whether the first axis runs fastest. */
  readonly fortran: boolean;
  /** Values from their bytes, any stretch of them. */
  decode(bytes: Uint8Array): NumberArray;
  /** Values of one byte without a sign are 0 … 255 without a look. */
  readonly known?: 'bytes';
}

/**
 * The header alone, from the bytes the file begins with, checked against the length of the whole file.
 * @throws failure naming `where`, as `readNpy`
 */
export function npyHeader(bytes: Uint8Array, length: number, where: string): NpyHeader {
  const { text, start } = headerText(bytes, where);
  const { kind, fortran, shape } = parseHeader(text, where);
  const size = Number(kind[1]);
  const count = elementCount(shape, where);
  if (length - start !== count * size)
    throw failure('the file is cut short or padded', {
      where,
      got: `${length - start} bytes of data`,
      expected: `${count * size} for shape [${shape}] of ${kind}`,
    });
  const decode = (body: Uint8Array) => READERS[kind]!(aligned(body, size), where);
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
  const header = Buffer.from(`${dictionary.padEnd(length - 1)}\n`, 'latin1');
  const prefix = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 0xff, length >> 8);
  return Buffer.concat([prefix, header, littleBytes(data)]);
}

function headerText(bytes: Uint8Array, where: string) {
  const magic = bytes[0] === 0x93 && Buffer.from(bytes.subarray(1, 6)).toString('latin1') === 'NUMPY';
  if (!magic) throw failure('not a .npy file', { where, expected: 'the first bytes "\\x93NUMPY"' });
  const version = bytes[6]!;
  if (!(version >= 1 && version <= 3))
    throw failure('unknown version of the .npy format', { where, got: version, expected: '1, 2 or 3' });
  const start = version === 1 ? 10 : 12;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length =
    bytes.length < start ? -1 : version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length < 0 || start + length > bytes.length) throw failure('the header is cut short', { where });
  const encoding = version === 3 ? 'utf8' : 'latin1';
  return {
    text: Buffer.from(bytes.subarray(start, start + length)).toString(encoding),
    start: start + length,
  };
}

/** The header is a Python dictionary; only its three known keys, each once, in any order, are let through. */
function parseHeader(text: string, where: string) {
  const item = /\s*'(descr|fortran_order|shape)'\s*:\s*('[^']*'|True|False|\([\d\s,]*\))\s*(,|(?=\}))/y;
  const body = text.trim();
  const found = new Map<string, string>();
  item.lastIndex = 1;
  let end = 1;
  for (let match = item.exec(body); match; match = item.exec(body)) {
    end = item.lastIndex;
    if (found.has(match[1]!)) throw failure('damaged header: a key twice', { where, got: body });
    found.set(match[1]!, match[2]!);
  }
  const [descr, order, extents] = ['descr', 'fortran_order', 'shape'].map(key => found.get(key) ?? '');
  const whole = body.startsWith('{') && /^\s*\}$/.test(body.slice(end));
  const typed = /^'([<|=>]?)([a-zA-Z])(\d*)'$/.exec(descr!);
  if (!whole && /'descr'\s*:\s*\[/.test(body)) throw unreadable('a structured type', where);
  if (!whole || !/^(True|False)$/.test(order!) || !extents!.startsWith('('))
    throw failure('damaged header', { where, got: body, expected: "'descr', 'fortran_order' and 'shape'" });
  const kind = typed ? `${typed[2]}${typed[3]}` : '';
  if (!typed || !Object.hasOwn(READERS, kind)) throw unreadable(descr!, where);
  if (typed[1] === '>' && !kind.endsWith('1')) throw unreadable(`${descr} (high byte first)`, where);
  const shape = extents!
    .slice(1, -1)
    .split(',')
    .map(part => part.trim());
  if (shape.at(-1) === '') shape.pop();
  if (shape.includes('')) throw failure('damaged header', { where, got: body });
  return { kind, fortran: order === 'True', shape: shape.map(Number) };
}

const unreadable = (got: string, where: string) =>
  failure('a type of array that is not read', {
    where,
    got,
    expected: `one of ${Object.keys(READERS).join(', ')}, low byte first`,
    remedy: 'Convert it in Python: numpy.save(path, array.astype("<f4"))',
  });

function narrowed(wide: BigInt64Array | BigUint64Array, where: string): Float64Array {
  return Float64Array.from(wide as ArrayLike<bigint>, (value: bigint, i) => {
    const number = Number(value);
    if (!Number.isSafeInteger(number))
      throw failure('an integer past 2^53', { where: `${where}, element ${i}`, got: value });
    return number;
  });
}

/** Column-major to row-major: walks the output in order, keeping the source offset by its strides. */
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
