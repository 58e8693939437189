import '@tensorflow/tfjs-core/dist/base_side_effects.js';
import * as tf from './tf-parts.ts';

tf.enableProdMode();

export { tf };
