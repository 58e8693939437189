/**
 * Nodes and weights of the n-point Gauss-Legendre rule on [0, 1]: roots of P_n by Newton's method from
 * Tricomi's estimate.
 */
export function legendre(n: number): {
  /** In (0, 1). */
  readonly place: number;
  /** Above 0; the weights have sum 1. */
  readonly weight: number;
}[] {
  return Array.from({ length: n }, (_, i) => {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let step = 0; step < 8; step++) {
      let [former, value] = [1, x];
      for (let k = 2; k <= n; k++)
        [former, value] = [value, ((2 * k - 1) * x * value - (k - 1) * former) / k];
      slope = (n * (x * value - former)) / (x * x - 1);
      x -= value / slope;
    }
    return { place: 0.5 * (1 + x), weight: 1 / ((1 - x * x) * slope * slope) };
  });
}
