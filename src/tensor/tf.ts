import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';

tf.enableProdMode();

const require = createRequire(import.meta.url);

/**
 * Makes the gradients of all operations known, of which tfjs-core alone has none: importing tfjs-layers registers them. It takes
 * 80 ms and 20 MiB, which only those who differentiate shall pay.
 */
export const loadGradients = (): void => void require('@tensorflow/tfjs-layers');

export { tf };
