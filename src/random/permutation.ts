import { fillWords } from './kernel.ts';
import { type Key, laws } from './key.ts';

/**
 * A uniformly random order of 0 … n − 1 (Fisher–Yates), the same for the same seed, stream, step and n.
 *
 * Each index uses 53 random bits, so that no order is favoured by more than one part in 2⁵³/n.
 */
export function permutation(n: number, key: Key, step: number): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  const words = new Uint32Array(2 * n);
  if (n > 0) fillWords(words, key, laws.permutation, { step, size: 2 * n });
  for (let i = n - 1; i > 0; i--) {
    const uniform = (words[2 * i]! * 2 ** 21 + (words[2 * i + 1]! >>> 11)) * 2 ** -53;
    const j = Math.floor(uniform * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
