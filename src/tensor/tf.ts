import * as tf from '@tensorflow/tfjs-core';

tf.enableProdMode();

export { tf };
