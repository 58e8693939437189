/**
 * The standard normal distribution function, by its series near 0 and its continued fraction in the tails.
 */
export function normalCdf(z: number): number {
  const x = Math.abs(z);
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  const half = x < 3 ? series(x) * density : 0.5 - density / fraction(x);
  return z < 0 ? 0.5 - half : 0.5 + half;
}

function series(x: number): number {
  let [term, sum] = [x, x];
  for (let k = 3; term > 1e-17 * sum; k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return sum;
}

function fraction(x: number): number {
  let value = x;
  for (let k = 80; k > 0; k--) value = x + k / value;
  return value;
}

/** √n · sup |F_n − F|: beyond 1.95 with probability 0.001 when the values follow `cdf` (Kolmogorov). */
export function kolmogorov(values: ArrayLike<number>, cdf: (x: number) => number): number {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  const gap = sorted.reduce((most, x, i) => Math.max(most, (i + 1) / n - cdf(x), cdf(x) - i / n), 0);
  return Math.sqrt(n) * gap;
}

export const mean = (values: ArrayLike<number>, f = (x: number) => x): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += f(values[i]!);
  return sum / values.length;
};

/** √n times the mean product of two standardised sequences: standard normal when they are independent. */
export const correlation = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum / Math.sqrt(a.length);
};
