/**
 * P(X > x) for X ~ χ² with `freedom` degrees of freedom: the regularised upper gamma function Q(k/2, x/2), by
 * its series below the mean and its continued fraction above (Press et al., §6.2), to about 1e-12.
 */
export function chiSquaredTail(x: number, freedom: number): number {
  const [a, z] = [freedom / 2, x / 2];
  if (!(z > 0)) return 1;
  const front = Math.exp(a * Math.log(z) - z - logGamma(a));
  if (z < a + 1) {
    let [term, sum] = [1 / a, 1 / a];
    for (let n = 1; n < 1000 && term > 1e-16 * sum; n++) {
      term *= z / (a + n);
      sum += term;
    }
    return Math.max(0, 1 - front * sum);
  }
  // Lentz's method for 1/(z + 1 − a − 1·(1 − a)/(z + 3 − a − …)).
  let b = z + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 1000; n++) {
    const factor = -n * (n - a);
    b += 2;
    d = 1 / (factor * d + b);
    c = b + factor / c;
    const step = c * d;
    fraction *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return front * fraction;
}

/** log Γ(a) for a > 0: Stirling's series, after Γ(a) = Γ(a + n)/(a·(a + 1)…) brings a above 10. */
function logGamma(a: number): number {
  let [x, product] = [a, 1];
  for (; x < 10; x++) product *= x;
  const tail = 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5) - 1 / (1680 * x ** 7);
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + tail - Math.log(product);
}
