import type { PlainTensor, Shape } from './types.ts';

/** A tensor that computes its numbers at the first access: many users of weights need only their shapes. */
export function lazyTensor(shape: Shape, make: () => Float32Array): PlainTensor {
  const cache: { data?: Float32Array } = {};
  return {
    shape,
    get data() {
      cache.data ??= make();
      return cache.data;
    },
  };
}
