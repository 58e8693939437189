import { logBetween, logCdf } from '../measure/normal.ts';
import type { Observation } from '../measure/observation.ts';
import {
  add,
  type Coefficient,
  concat,
  div,
  fromHost,
  log,
  maximum,
  mul,
  neg,
  reshape,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from '../tensor/index.ts';

const LOG_TWO_PI = Math.log(2 * Math.PI);
/** Least variance of a bound, in model units². */
const LEAST = 1e-12;

/**
 * log p̃(y | x_t) for h(x₀) ~ N(μ, v·I): readings log N(y; μ, R + v), bounds log P(low < N(μ, v) < high).
 * μ: [B, m], v: a number or one for each sample → [B].
 */
export function logIndependent(observation: Observation, mu: Tensor, v: Coefficient): Tensor {
  const { readings, bounds } = observation;
  const rows = mu.shape[0]!;
  const [n, k] = [readings.value.length, bounds.low.length];
  const parts: Tensor[] = [];
  if (n > 0) {
    const total = add(mul(ones(rows, n), v), fromHost(readings.variance, [1, n]));
    const residual = sub(fromHost(readings.value, [1, n]), slice(mu, [0, 0], [rows, n]));
    parts.push(mul(sum(add(add(div(square(residual), total), log(total)), LOG_TWO_PI), [1]), -0.5));
  }
  if (k > 0) {
    const spread = sqrt(maximum(mul(ones(rows, k), v), LEAST));
    parts.push(logBounds(observation, slice(mu, [0, n], [rows, k]), spread));
  }
  return parts.reduce(add);
}

/**
 * The same for h(x₀) ~ N(μ, M): M: [B, m, m]. Readings are eliminated one after another by Gaussian
 * elimination. The rest of M and μ is the law of the bounds given the readings.
 */
export function logDependent(observation: Observation, mu: Tensor, M: Tensor, floor: Coefficient): Tensor {
  const { readings, bounds } = observation;
  const [rows, m] = [mu.shape[0]!, observation.count];
  const [n, k] = [readings.value.length, bounds.low.length];
  const target = fromHost(Float64Array.from([...readings.value, ...new Float64Array(k)]), [1, m]);
  const errors = new Float64Array(m * m);
  for (let i = 0; i < n; i++) errors[i * (m + 1)] = readings.variance[i]!;
  let system = concat([add(M, fromHost(errors, [1, m, m])), reshape(sub(target, mu), [rows, m, 1])], 2);
  let total: Tensor | undefined;
  for (let i = 0; i < n; i++) {
    const row = slice(system, [0, i, 0], [rows, 1, m + 1]);
    const least = add(mul(ones(rows, 1), floor), readings.variance[i]!);
    const pivot = maximum(reshape(slice(row, [0, 0, i], [rows, 1, 1]), [rows, 1]), least);
    const residual = reshape(slice(row, [0, 0, m], [rows, 1, 1]), [rows, 1]);
    const term = add(add(div(square(residual), pivot), log(pivot)), LOG_TWO_PI);
    total = total ? add(total, term) : term;
    const column = slice(system, [0, 0, i], [rows, m, 1]);
    system = sub(system, mul(column, div(row, reshape(pivot, [rows, 1, 1]))));
  }
  const parts = total ? [mul(reshape(total, [rows]), -0.5)] : [];
  if (k > 0) {
    const left = slice(system, [0, n, n], [rows, k, k]);
    const variance = sum(mul(left, fromHost(diagonalOf(k), [1, k, k])), [2]);
    const least = add(mul(ones(rows, k), floor), LEAST);
    const center = neg(reshape(slice(system, [0, n, m], [rows, k, 1]), [rows, k]));
    parts.push(logBounds(observation, center, sqrt(maximum(variance, least))));
  }
  return parts.reduce(add);
}

/** Σ log P(low < N(μ, s²) < high) over the bounds: μ, s [B, k] → [B]. */
function logBounds({ bounds: { low, high } }: Observation, mu: Tensor, spread: Tensor): Tensor {
  const rows = mu.shape[0]!;
  const parts = Array.from(low, (_, i) => {
    const at = (end: number) => div(sub(end, slice(mu, [0, i], [rows, 1])), slice(spread, [0, i], [rows, 1]));
    const [a, b] = [low[i]!, high[i]!];
    if (a === -Infinity && b === Infinity) return mul(slice(mu, [0, i], [rows, 1]), 0);
    if (a === -Infinity) return logCdf(at(b));
    return b === Infinity ? logCdf(neg(at(a))) : logBetween(at(a), at(b));
  });
  return reshape(parts.reduce(add), [rows]);
}

const ones = (rows: number, columns: number): Tensor =>
  fromHost(new Float32Array(rows * columns).fill(1), [rows, columns]);

function diagonalOf(k: number): Float32Array {
  const out = new Float32Array(k * k);
  for (let i = 0; i < k; i++) out[i * (k + 1)] = 1;
  return out;
}
