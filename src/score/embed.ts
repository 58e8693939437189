import { concat, cos, fromHost, mul, reshape, sin, type Tensor } from '../tensor/index.ts';

/** Angular frequencies in geometric progression from `lowest` to `highest`. */
const frequencies = (count: number, lowest: number, highest: number): Float32Array =>
  Float32Array.from({ length: count }, (_, k) => lowest * (highest / lowest) ** (k / Math.max(1, count - 1)));

/**
 * The conditioning number as waves: [c, sin(ω₁c), …, cos(ω₁c), …], ω geometric from 1/4 to 8 radians.
 * c: [B] → [B, 2·count + 1]
 */
export function waves(c: Tensor, count: number): Tensor {
  const column = reshape(c, [c.shape[0]!, 1]);
  const angles = mul(column, fromHost(frequencies(count, 0.25, 8), [1, count]));
  return concat([column, sin(angles), cos(angles)], 1);
}
