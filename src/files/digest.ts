import { createHash } from 'node:crypto';
import { failure } from '../errors.ts';
import type { StoredTensor } from './safetensors.ts';

/** SHA-256 of tensors, in hexadecimal: of each name, type, shape and the bytes, in the order of the names. */
export function digestOf(tensors: ReadonlyMap<string, StoredTensor>): string {
  const hash = createHash('sha256');
  for (const name of [...tensors.keys()].sort()) {
    const { dtype, shape, data } = tensors.get(name)!;
    hash.update(`${JSON.stringify([name, dtype, shape])}\n`);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
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
