import { type StoredTensor, writeSafetensors } from '../files/index.ts';
import type { PlainParams } from '../tensor/types.ts';

/**
 * Weights as a safetensors file, under their own names. The same weights give the same bytes, and reading
 * them back gives the same tensors, bit for bit.
 */
export function exportSafetensors(
  params: PlainParams,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const tensors = new Map<string, StoredTensor>(
    Object.entries(params).map(([name, { data, shape }]) => [name, { dtype: 'F32', shape, data }]),
  );
  return writeSafetensors({ tensors, metadata });
}
