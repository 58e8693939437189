/** Coefficients, lowest power first, of the polynomials that are 1 at one node and 0 at the others. */
export function lagrange(nodes: readonly number[]): number[][] {
  return nodes.map((own, j) => {
    const polynomial = [1];
    for (let i = 0; i < nodes.length; i++) {
      if (i === j) continue;
      // Times (u − other)/(own − other), from the highest power down.
      const [other, gap] = [nodes[i]!, own - nodes[i]!];
      polynomial.push(0);
      for (let k = polynomial.length - 1; k > 0; k--)
        polynomial[k] = (polynomial[k - 1]! - other * polynomial[k]!) / gap;
      polynomial[0]! *= -other / gap;
    }
    return polynomial;
  });
}
