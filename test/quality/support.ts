import { fillNormal, key } from '../../src/random/index.ts';
import type { PlainTensor } from '../../src/tensor/types.ts';

/** n points of N(shift, scale²·I) in `size` dimensions. */
export function normals(n: number, size: number, seed: number, shift = 0, scale = 1): PlainTensor {
  const data = new Float32Array(n * size);
  fillNormal(data, key(seed, 'test'), { step: 0, size });
  return { data: data.map(value => shift + scale * value), shape: [n, size] };
}
