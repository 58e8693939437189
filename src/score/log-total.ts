import { add, exp, log, max, reshape, stopGradient, sub, sum, type Tensor } from '../tensor/index.ts';

/**
 * log Σₖ eᵛ of each row of [B, K], without overflow. [B]. A shift does not change the result, so its
 * derivative may be left out.
 */
export function logTotal(terms: Tensor): Tensor {
  const top = max(stopGradient(terms), [1], true);
  return reshape(add(top, log(sum(exp(sub(terms, top)), [1], true))), [terms.shape[0]!]);
}
