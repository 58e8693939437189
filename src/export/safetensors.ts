import { writeSafetensors } from '../files/index.ts';
import type { Run } from '../run/run.ts';

/** The averaged weights of a run by name, float32, with its configuration in the metadata. */
export function exportSafetensors({ config, params }: Run): Uint8Array {
  const tensors = new Map(
    Object.entries(params).map(([name, { data, shape }]) => [name, { dtype: 'F32', shape, data }]),
  );
  return writeSafetensors({ tensors, metadata: { format: 'langevin', config: JSON.stringify(config) } });
}
