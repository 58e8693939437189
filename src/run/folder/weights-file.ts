import { failure } from '../../errors.ts';
import {
  checkSeal,
  digestOf,
  readSafetensors,
  type StoredTensor,
  writeSafetensors,
} from '../../files/index.ts';
import type { PlainParams, PlainTensor } from '../../tensor/index.ts';

/** Tensors with their digest, so that a reader can detect any change. */
export const sealed = (tensors: ReadonlyMap<string, StoredTensor>): Uint8Array =>
  writeSafetensors({ tensors, metadata: { sha256: digestOf(tensors) } });

/** The bytes of `model.safetensors`. */
export const weightsFile = (params: PlainParams): Uint8Array => sealed(float32(params));

/** Weights as the tensors of a file. */
export const float32 = (params: PlainParams): ReadonlyMap<string, StoredTensor> =>
  new Map(
    Object.entries(params).map(([name, { data, shape }]) => [name, { dtype: 'F32', shape, data }] as const),
  );

/** The same for the bytes of such a file from any source. */
export function readSealedBytes(bytes: Uint8Array, where: string): ReadonlyMap<string, PlainTensor> {
  const { tensors, metadata } = readSafetensors(bytes, where);
  checkTensors(tensors, metadata, where);
  return tensors as ReadonlyMap<string, StoredTensor & PlainTensor>;
}

/** @throws failure if the tensors are not those that were sealed, or not finite float32 numbers */
export function checkTensors(...[tensors, metadata, where]: Parameters<typeof checkSeal>): void {
  checkSeal(tensors, metadata, where);
  for (const [name, { dtype, data }] of tensors) {
    if (dtype !== 'F32') throw failure(`The tensor "${name}" is not float32`, { where });
    if (!allFinite(data as Float32Array))
      throw failure(`The tensor "${name}" holds numbers that are not finite`, { where });
  }
}

/**
 * 0·x is 0 for every finite x and NaN otherwise. Calling a function for each number would take five times as
 * long.
 */
function allFinite(data: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += 0 * data[i]!;
  return sum === 0;
}
