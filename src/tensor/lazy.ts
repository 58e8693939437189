import type { PlainTensor, Shape } from './types.ts';

/** A tensor whose numbers are made when they are first asked for: many who ask for weights want their shapes alone. */
export function lazyTensor(shape: Shape, make: () => Float32Array): PlainTensor {
  const held: { data?: Float32Array } = {};
  return {
    shape,
    get data() {
      held.data ??= make();
      return held.data;
    },
  };
}
