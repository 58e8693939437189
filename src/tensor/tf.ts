import * as tf from '@tensorflow/tfjs-core';
// Its import registers the gradients of all operations: tfjs-core alone has none.
import '@tensorflow/tfjs-layers';

tf.enableProdMode();

export { tf };
