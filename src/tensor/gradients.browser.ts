import '@tensorflow/tfjs-core/dist/register_all_gradients.js';

/** The import above registers the gradients of all operations. */
export const loadGradients = (): void => {};
