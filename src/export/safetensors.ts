import { singleFile } from '../run/folder/single.ts';
import type { Run } from '../run/run.ts';

/**
 * A run as one file: the averaged weights by name, in float32, with its configuration and its curves in the
 * metadata. `openRun` opens it, and other programs read the weights.
 */
export const exportSafetensors = ({ config, params, losses, validation, quality }: Run): Uint8Array =>
  singleFile(config, params, {
    losses,
    ...(validation && { validation }),
    ...(quality && { quality }),
  });
