export { compareBytes, isUtf8, joinBytes, latin1, latin1Bytes, utf8Bytes, utf8Text } from './bytes.ts';
export { type Content, type ContentName, describeContent, sniffContent } from './content/sniff.ts';
export { checkSeal, digestOf } from './digest.ts';
export { gzipPieces, inflateGzip } from './gzip.ts';
export { checked, parseJson } from './json.ts';
export { type NpyForm, npyForm, npyHeader, readNpy, writeNpy } from './npy.ts';
export { readNpyText, type TextArray } from './npy-text.ts';
export { inMemory, type Npz, type NpzSource, noArrays, openNpz, readNpz, writeNpz } from './npz.ts';
export { type FileArray, mapInto, type NumberArray } from './numbers.ts';
export type { StoredAt } from './open-file.ts';
export {
  decodeNumbers,
  readSafetensors,
  type Safetensors,
  type StoredTensor,
  type TensorData,
  writeSafetensors,
} from './safetensors.ts';
export { packageVersion } from './version.ts';
