import { expect, it } from 'vitest';
import { ensembleMean, sgld } from '../../src/chains/index.ts';
import { fillNormal, key } from '../../src/random/index.ts';
import { normalCdf } from '../random/statistics.ts';

/**
 * The score of Gaussian data is linear in x, and to learn it from noises is a linear regression: y = w₀ + w₁x
 * + noise. Its posterior is a Gaussian in closed form.
 */
const [ROWS, NOISE, PRIOR] = [400, 0.5, 10];
const truth = [0.3, -0.8] as const;
const draws = new Float32Array(2 * ROWS);
fillNormal(draws, key(1, 'test'), { step: 0, first: 0, size: 2 });
const xs = Float64Array.from({ length: ROWS }, (_, i) => draws[2 * i]!);
const ys = xs.map((x, i) => truth[0] + truth[1] * x + NOISE * draws[2 * i + 1]!);

/** Mean and covariance of the posterior under the prior N(0, PRIOR²I). */
function posterior() {
  let [a, b, d, u, v] = [PRIOR ** -2, 0, PRIOR ** -2, 0, 0];
  xs.forEach((x, i) => {
    a += NOISE ** -2;
    b += x / NOISE ** 2;
    d += (x * x) / NOISE ** 2;
    u += ys[i]! / NOISE ** 2;
    v += (x * ys[i]!) / NOISE ** 2;
  });
  const det = a * d - b * b;
  return { mean: [(d * u - b * v) / det, (a * v - b * u) / det], covariance: [d / det, -b / det, a / det] };
}

/** The gradient of the log-posterior from 40 of the 400 rows. */
function gradient(theta: Float64Array, step: number): Float64Array {
  const n = 40;
  const out = Float64Array.from(theta, value => -value / PRIOR ** 2);
  for (let k = 0; k < n; k++) {
    const i = (step * n + k) % ROWS;
    const error = ((ys[i]! - theta[0]! - theta[1]! * xs[i]!) / NOISE ** 2) * (ROWS / n);
    out[0]! += error;
    out[1]! += error * xs[i]!;
  }
  return out;
}
const ensemble = sgld({
  start: Float64Array.of(0, 0),
  gradient,
  steps: 60_000,
  scale: 4e-3,
  offset: 50,
  decay: 0.55,
  thin: 5,
});

it('the ensemble has the mean and the spread of the posterior', () => {
  const { mean, covariance } = posterior();
  for (const [j, variance] of [covariance[0]!, covariance[2]!].entries()) {
    const own = ensembleMean(ensemble, theta => theta[j]!);
    expect(Math.abs(own.mean - mean[j]!)).toBeLessThan(0.2 * Math.sqrt(variance));
    expect(own.std / Math.sqrt(variance)).toBeGreaterThan(0.85);
    expect(own.std / Math.sqrt(variance)).toBeLessThan(1.2);
  }
});

it('its intervals are calibrated, and its predictive nats those of the posterior', () => {
  const { mean, covariance } = posterior();
  const logNormal = (y: number, m: number, v: number) =>
    -0.5 * (Math.log(2 * Math.PI * v) + (y - m) ** 2 / v);
  for (const x of [-1.5, 0, 2]) {
    const own = ensembleMean(ensemble, theta => theta[0]! + theta[1]! * x);
    const exact = mean[0]! + mean[1]! * x;
    const variance = covariance[0]! + 2 * x * covariance[1]! + x * x * covariance[2]!;
    // How much of the posterior lies in the ensemble's interval of 95 %.
    const [low, high] = [-1.96, 1.96].map(z => (own.mean + z * own.std - exact) / Math.sqrt(variance));
    expect(Math.abs(normalCdf(high!) - normalCdf(low!) - 0.95)).toBeLessThan(0.04);
    const y = truth[0] + truth[1] * x;
    const gap =
      logNormal(y, own.mean, own.std ** 2 + NOISE ** 2) - logNormal(y, exact, variance + NOISE ** 2);
    expect(Math.abs(gap)).toBeLessThan(0.01);
  }
});

it('refuses steps whose sum ends or whose squares do not', () => {
  const options = { start: Float64Array.of(0, 0), gradient, steps: 10, scale: 1 };
  expect(() => sgld({ ...options, decay: 0.5 })).toThrow(/Σε/);
  expect(() => sgld({ ...options, decay: 1.1 })).toThrow(/Σε/);
});
