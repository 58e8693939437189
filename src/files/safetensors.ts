import { failure, usage } from '../errors.ts';
import { compareBytes, joinBytes, utf8Bytes } from './bytes.ts';
import { fromBrain, fromHalf, toBrain, toHalf } from './half.ts';
import { aligned, elementCount, littleBytes, mapInto } from './numbers.ts';
import type { StoredAt } from './open-file.ts';
import { type HeaderEntry, readHeader } from './safetensors-header.ts';

/** The arrays that a tensor of a file is read into. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** A tensor of a file, with its type in the file. */
export interface StoredTensor {
  /** The type in the file; `F16` and `BF16` become float32 in `data`. */
  readonly dtype: string;
  /** The lengths of the axes. */
  readonly shape: readonly number[];
  /** Row-major values. */
  readonly data: TensorData;
  /** Where the numbers are in the file, if they stay there until `data` is first read. */
  readonly stored?: StoredAt;
}

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Format {
  readonly size: number;
  read(buffer: ArrayBuffer): TensorData;
  /** The data as stored numbers; undefined if the array's type does not fit. */
  write(data: TensorData): TensorData | undefined;
}

const wholeBytes = <T extends TensorData>(make: {
  new (buffer: ArrayBuffer): T;
  readonly BYTES_PER_ELEMENT: number;
}): Format => ({
  size: make.BYTES_PER_ELEMENT,
  read: buffer => new make(buffer),
  write: data => (data instanceof make ? data : undefined),
});

const half = (from: (bits: number) => number, to: (value: number) => number): Format => ({
  size: 2,
  read: buffer => mapInto(new Float32Array(buffer.byteLength / 2), new Uint16Array(buffer), from),
  write: data => (data instanceof Float32Array ? mapInto(new Uint16Array(data.length), data, to) : undefined),
});

/** In the order in which the published writer lays tensors out: from the last line to the first. */
const FORMATS: Readonly<Record<string, Format>> = {
  BOOL: wholeBytes(Uint8Array),
  U8: wholeBytes(Uint8Array),
  I8: wholeBytes(Int8Array),
  I16: wholeBytes(Int16Array),
  U16: wholeBytes(Uint16Array),
  F16: half(fromHalf, toHalf),
  BF16: half(fromBrain, toBrain),
  I32: wholeBytes(Int32Array),
  U32: wholeBytes(Uint32Array),
  F32: wholeBytes(Float32Array),
  F64: wholeBytes(Float64Array),
  I64: wholeBytes(BigInt64Array),
  U64: wholeBytes(BigUint64Array),
};

/**
 * Numbers of a type that safetensors knows, from their bytes, low byte first; undefined for any other type.
 */
export const decodeNumbers = (dtype: string, bytes: Uint8Array): TensorData | undefined => {
  const format = Object.hasOwn(FORMATS, dtype) ? FORMATS[dtype] : undefined;
  return format?.read(aligned(bytes, format.size));
};

/**
 * Reads a safetensors file: 8 bytes of header length, a JSON header, then the tensors, which must fill the
 * rest of the file without gap or overlap. Nothing in it is ever executed, and it takes no more memory than
 * the length of the file. Tensors come in the order of the header.
 * @throws failure naming `where` and the tensor for every departure from the format
 */
export function readSafetensors(bytes: Uint8Array, where: string): Safetensors {
  const { entries, metadata, start } = readHeader(bytes, bytes.length, where);
  const tensors = new Map<string, StoredTensor>();
  for (const entry of entries) {
    const { name, dtype, shape, begin, end } = entry;
    const format = formatOf(entry, where);
    const data = format.read(aligned(bytes.subarray(start + begin, start + end), format.size));
    tensors.set(name, { dtype, shape, data });
  }
  return { tensors, metadata };
}

/** The format of a tensor. Its type must be known, and its number of bytes must fit its shape. */
export function formatOf({ name, dtype, shape, begin, end }: HeaderEntry, where: string): Format {
  const at = `${where}, tensor "${name}"`;
  const format = Object.hasOwn(FORMATS, dtype) ? FORMATS[dtype] : undefined;
  if (!format)
    throw failure('a type that is not read', {
      where: at,
      got: dtype,
      expected: Object.keys(FORMATS).join(', '),
    });
  const length = elementCount(shape, at) * format.size;
  if (end - begin === length) return format;
  throw failure('its offsets do not fit its shape', {
    where: at,
    got: `${end - begin} bytes`,
    expected: `${length} for [${shape}] of ${dtype}`,
  });
}

/**
 * Writes safetensors in one canonical form: types from the widest to the narrowest, names in order within a
 * type, the header padded to 8 bytes. The same tensors give the same bytes, whatever their order in the
 * input. Reading such a file and writing it again gives the same bytes.
 * @throws usage, naming the tensor, if its data does not fit its type or shape
 */
export function writeSafetensors({
  tensors,
  metadata = {},
}: {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata?: Readonly<Record<string, string>>;
}): Uint8Array {
  const header = Object.keys(metadata).length > 0 ? [`"__metadata__":${JSON.stringify(metadata)}`] : [];
  const chunks: Uint8Array[] = [];
  let offset = 0;
  for (const [name, tensor] of [...tensors].sort(canonical)) {
    const chunk = encode(name, tensor);
    const place = `"data_offsets":[${offset},${offset + chunk.length}]`;
    header.push(`${JSON.stringify(name)}:{"dtype":"${tensor.dtype}","shape":[${tensor.shape}],${place}}`);
    chunks.push(chunk);
    offset += chunk.length;
  }
  const text = utf8Bytes(`{${header.join(',')}}`);
  const padding = utf8Bytes(' '.repeat((8 - (text.length % 8)) % 8));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length + padding.length), true);
  return joinBytes([length, text, padding, ...chunks]);
}

function canonical([nameA, a]: [string, StoredTensor], [nameB, b]: [string, StoredTensor]): number {
  const order = Object.keys(FORMATS);
  return order.indexOf(b.dtype) - order.indexOf(a.dtype) || compareBytes(utf8Bytes(nameA), utf8Bytes(nameB));
}

function encode(name: string, { dtype, shape, data }: StoredTensor): Uint8Array {
  const where = `tensor "${name}"`;
  const bytes = Object.hasOwn(FORMATS, dtype) ? FORMATS[dtype]!.write(data) : undefined;
  if (!bytes)
    throw usage('its data is not of its type', { where, got: data.constructor.name, expected: dtype });
  if (name === '__metadata__') throw usage('a tensor cannot have this name', { where });
  if (elementCount(shape, where) !== data.length)
    throw usage('its data does not fill its shape', { where, got: data.length, expected: `[${shape}]` });
  return littleBytes(bytes);
}
