import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * Registers the gradients of all operations. tfjs-core alone has none; importing tfjs-layers registers them.
 * The import takes 80 ms and 20 MiB, so it happens only when a program differentiates.
 */
export const loadGradients = (): void => void require('@tensorflow/tfjs-layers');
