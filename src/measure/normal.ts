import {
  abs,
  add,
  div,
  exp,
  fromHost,
  log,
  maximum,
  minimum,
  mul,
  neg,
  select,
  square,
  sub,
  type Tensor,
} from '../tensor/index.ts';

/**
 * Coefficients of Chebyshev's fit to log(erfc(z)·e^(z²)/t), t = 1/(1 + z/2), to 1.2e-7 of erfc for all z ≥ 0.
 */
const FIT = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
];

/** log Φ(−|u|), the log-probability of a tail, to 1e-7 of the tail at any distance. */
function logTail(u: Tensor): Tensor {
  const z = mul(abs(u), Math.SQRT1_2);
  const t = div(1, add(mul(z, 0.5), 1));
  let fit: Tensor = mul(t, FIT.at(-1)!);
  for (let k = FIT.length - 2; k > 0; k--) fit = mul(add(fit, FIT[k]!), t);
  return add(sub(add(fit, FIT[0]! - Math.LN2), square(z)), log(t));
}

/** 1 if u < 0, else 0, with derivative 0: the sign of u, clipped. */
const isBelow = (u: Tensor): Tensor => minimum(maximum(mul(u, -1e30), 0), 1);

/** log Φ(u), differentiable, in all of float32. */
export function logCdf(u: Tensor): Tensor {
  const tail = logTail(u);
  return select(isBelow(u), tail, log(maximum(sub(1, exp(tail)), 1e-30)));
}

/** log(Φ(b) − Φ(a)) for a < b, also if both are in one tail: by symmetry it is computed in the lower tail. */
export function logBetween(a: Tensor, b: Tensor): Tensor {
  const lower = isBelow(add(a, b));
  const low = select(lower, a, neg(b));
  const high = select(lower, b, neg(a));
  const top = logCdf(high);
  const share = exp(minimum(sub(logCdf(low), top), fromHost(Float64Array.of(0), [1])));
  return add(top, log(maximum(sub(1, share), 1e-7)));
}
