import { add, exp, log, max, reshape, sub, sum, type Tensor } from '../tensor/index.ts';

/** log Σₖ eᵛ of each row of [B, K], without overflow. [B] */
export function logTotal(terms: Tensor): Tensor {
  const top = max(terms, [1], true);
  return reshape(add(top, log(sum(exp(sub(terms, top)), [1], true))), [terms.shape[0]!]);
}
