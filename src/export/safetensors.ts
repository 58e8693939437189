import type { Run } from '../run/run.ts';
import { exportSafetensors as written } from '../weights/index.ts';

/** The averaged weights of a run by name, in float32, with its configuration in the metadata. */
export const exportSafetensors = ({ config, params }: Run): Uint8Array =>
  written(params, { format: 'langevin', config: JSON.stringify(config) });
