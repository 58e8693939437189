/**
 * Nodes and weights of the n-point Gauss-Lobatto rule on [0, 1], with both ends among the nodes: exact for
 * polynomials of degree 2n − 3. The inner nodes are roots of P'_{n−1}, by Newton's method. n is 2 or more.
 */
export function lobatto(n: number): {
  /** From 1 down to 0. */
  readonly place: number;
  /** Above 0; the weights have sum 1. */
  readonly weight: number;
}[] {
  const degree = n - 1;
  return Array.from({ length: n }, (_, i) => {
    let x = Math.cos((Math.PI * i) / degree);
    let value = 1;
    for (let step = 0; step < 12; step++) {
      let former = 1;
      value = x;
      for (let k = 2; k <= degree; k++)
        [former, value] = [value, ((2 * k - 1) * x * value - (k - 1) * former) / k];
      x -= (x * value - former) / (n * value);
    }
    return { place: 0.5 * (1 + x), weight: 1 / (degree * n * value * value) };
  });
}
