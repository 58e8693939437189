import { fillUniform, key } from '../../src/random/index.ts';

/** `count` values uniform in [from, to], the same for the same seed. */
export function values(seed: number, count: number, from = -1, to = 1): Float32Array {
  const out = new Float32Array(count);
  if (count > 0) fillUniform(out, key(seed, 'test'), { step: 0, first: 0, size: count });
  return out.map(u => from + (to - from) * u);
}
