import { failure } from '../errors.ts';
import { utf8Bytes } from './bytes.ts';
import type { StoredTensor } from './safetensors.ts';
import { sha256 } from './sha256.ts';

/** SHA-256 of tensors, in hexadecimal: of each name, type, shape and the bytes, in the order of the names. */
export const digestOf = (tensors: ReadonlyMap<string, StoredTensor>): string => sha256(piecesOf(tensors));

function* piecesOf(tensors: ReadonlyMap<string, StoredTensor>): Generator<Uint8Array> {
  for (const name of [...tensors.keys()].sort()) {
    const { dtype, shape, data } = tensors.get(name)!;
    yield utf8Bytes(`${JSON.stringify([name, dtype, shape])}\n`);
    yield new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
}

/**
 * Refuses tensors that differ from the ones the file was sealed with. Otherwise a bit that flipped on a disk
 * or in a transfer would give a slightly different model. A file without a seal is accepted.
 */
export function checkSeal(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>>,
  where: string,
): void {
  if (metadata.sha256 === undefined || metadata.sha256 === digestOf(tensors)) return;
  throw failure('The file is damaged', {
    where,
    got: 'tensors of another SHA-256 than the one written with them',
    remedy: 'Copy the run again from where it was made',
  });
}
