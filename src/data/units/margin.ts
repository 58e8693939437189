import {
  logAddExp,
  logNormalCdf,
  logNormalDensity,
  logNormalQuantile,
  normalCdf,
  normalQuantile,
} from '../../math/normal.ts';

/** A margin in JSON: the mixture Σ weights[k]·N(means[k], stds[k]²) of one column. */
export interface MarginJson {
  /** Above 0, with sum 1. */
  readonly weights: readonly number[];
  /** Means, in data units. */
  readonly means: readonly number[];
  /** Standard deviations in data units, above 0. */
  readonly stds: readonly number[];
}

/**
 * The map of one column to a normal one, y = Φ⁻¹(F(x)), where F is the distribution function of a Gaussian
 * mixture. It is smooth and strictly monotone, and its tails are linear: far out, one component decides. With
 * one component it is y = (x − mean)/std.
 */
export interface Margin extends MarginJson {
  /** x → y */
  forward(x: number): number;
  /** y → x */
  inverse(y: number): number;
  /** log dy/dx = log f(x) − log φ(y), for the density f of the mixture. */
  logSlope(x: number): number;
}

/** The margin with these components. */
export function makeMargin({ weights, means, stds }: MarginJson): Margin {
  const json = { weights, means, stds };
  const [mean, std] = [means[0]!, stds[0]!];
  if (means.length === 1)
    return Object.freeze({
      ...json,
      forward: (x: number) => (x - mean) / std,
      inverse: (y: number) => mean + std * y,
      logSlope: () => -Math.log(std),
    });
  const logWeights = weights.map(Math.log);
  /** log Σ weights·exp(of(k)) */
  const mix = (of: (k: number) => number) =>
    logWeights.reduce((sum, weight, k) => logAddExp(sum, weight + of(k)), -Infinity);
  const z = (x: number, k: number) => (x - means[k]!) / stds[k]!;
  const logDensity = (x: number) => mix(k => logNormalDensity(z(x, k)) - Math.log(stds[k]!));
  const forward = (x: number) => {
    let [lower, upper] = [0, 0];
    for (let k = 0; k < weights.length; k++) {
      const at = z(x, k);
      const tail = weights[k]! * normalCdf(-Math.abs(at));
      lower += at < 0 ? tail : weights[k]! - tail;
      upper += at < 0 ? weights[k]! - tail : tail;
    }
    if (Math.min(lower, upper) > 1e-250) return normalQuantile(lower, upper);
    return logNormalQuantile(
      mix(k => logNormalCdf(z(x, k))),
      mix(k => logNormalCdf(-z(x, k))),
    );
  };
  const logSlope = (x: number) => logDensity(x) - logNormalDensity(forward(x));
  return Object.freeze({
    ...json,
    forward,
    logSlope,
    inverse: (y: number) => solved(y, json, forward, logSlope),
  });
}

/**
 * The x with forward(x) = y. The components bracket it: y lies between the least and the greatest of
 * means + stds·y. Newton steps that leave the bracket become bisections.
 */
function solved(
  y: number,
  { means, stds }: MarginJson,
  forward: (x: number) => number,
  logSlope: (x: number) => number,
): number {
  const ends = means.map((mean, k) => mean + stds[k]! * y);
  let [low, high] = [Math.min(...ends), Math.max(...ends)];
  let x = (low + high) / 2;
  for (let i = 0; i < 200 && high - low > 4e-16 * (Math.abs(low) + Math.abs(high)); i++) {
    const error = forward(x) - y;
    if (error === 0) return x;
    if (error > 0) high = x;
    else low = x;
    const next = x - error / Math.exp(logSlope(x));
    const inside = next > low && next < high;
    if (inside && Math.abs(next - x) <= 4e-16 * Math.abs(x)) return next;
    x = inside ? next : (low + high) / 2;
  }
  return x;
}
