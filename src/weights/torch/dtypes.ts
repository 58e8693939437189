/** A type of number as torch stores it, under its safetensors name. */
export interface Dtype {
  readonly dtype: string;
  readonly size: number;
}

const dtype = (name: string, size: number): Dtype => ({ dtype: name, size });

/**
 * Torch names a type in two ways: by the class of a storage (torch.FloatStorage), or by a name next to raw
 * bytes (torch.float32).
 */
const TYPES: readonly (readonly [storage: string, name: string, type: Dtype])[] = [
  ['FloatStorage', 'float32', dtype('F32', 4)],
  ['DoubleStorage', 'float64', dtype('F64', 8)],
  ['HalfStorage', 'float16', dtype('F16', 2)],
  ['BFloat16Storage', 'bfloat16', dtype('BF16', 2)],
  ['LongStorage', 'int64', dtype('I64', 8)],
  ['IntStorage', 'int32', dtype('I32', 4)],
  ['ShortStorage', 'int16', dtype('I16', 2)],
  ['CharStorage', 'int8', dtype('I8', 1)],
  ['ByteStorage', 'uint8', dtype('U8', 1)],
  ['BoolStorage', 'bool', dtype('BOOL', 1)],
  ['', 'uint16', dtype('U16', 2)],
  ['', 'uint32', dtype('U32', 4)],
  ['', 'uint64', dtype('U64', 8)],
];

export const storageClasses: ReadonlyMap<string, Dtype> = new Map(
  TYPES.filter(([storage]) => storage !== '').map(([storage, , type]) => [`torch.${storage}`, type]),
);

export const dtypeNames: ReadonlyMap<string, Dtype> = new Map(
  TYPES.map(([, name, type]) => [`torch.${name}`, type]),
);

/** Storages without a type of their own. Their length is in bytes. */
export const untypedClasses: ReadonlySet<string> = new Set([
  'torch.storage.UntypedStorage',
  'torch.UntypedStorage',
]);
