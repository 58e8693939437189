/** ½·log 2π */
export const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** log φ(z), the log-density of N(0, 1). */
export const logNormalDensity = (z: number): number => -0.5 * z * z - HALF_LOG_TWO_PI;

/** Σ coefficients[k]·x^k */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) sum = sum * x + coefficients[k]!;
  return sum;
}

/** Hart et al. 1968, no. 5666: (1 − Φ(z))/φ(z)/√(2π) as a quotient of polynomials. */
const HART = {
  over: [
    220.206867912376, 221.213596169931, 112.079291497871, 33.912866078383, 6.37396220353165,
    0.700383064443688, 3.52624965998911e-2,
  ],
  under: [
    440.413735824752, 793.826512519948, 637.333633378831, 296.564248779674, 86.7807322029461, 16.064177579207,
    1.75566716318264, 8.83883476483184e-2,
  ],
};

/**
 * Mills' ratio (1 − Φ(z))/φ(z) for z ≥ 0: Hart's quotient, and from 3 on, where its relative error grows,
 * Laplace's continued fraction 1/(z + 1/(z + 2/(z + …))), of as many terms as its last digit needs: fewer
 * further out. Relative error below 1e-12.
 */
function millsRatio(z: number): number {
  if (z < 3) return (Math.sqrt(2 * Math.PI) * polynomial(HART.over, z)) / polynomial(HART.under, z);
  let fraction = z;
  for (let k = Math.ceil(10 + 330 / (z * z)); k > 0; k--) fraction = z + k / fraction;
  return 1 / fraction;
}

/** Φ(z), the distribution function of N(0, 1). The lower tail keeps its digits down to 1e-300. */
export function normalCdf(z: number): number {
  const tail = millsRatio(Math.abs(z)) * Math.exp(logNormalDensity(z));
  return z <= 0 ? tail : 1 - tail;
}

/** log Φ(z). It keeps its digits in both tails. */
export function logNormalCdf(z: number): number {
  if (z <= 0) return Math.log(millsRatio(-z)) + logNormalDensity(z);
  return Math.log1p(-millsRatio(z) * Math.exp(logNormalDensity(z)));
}

/** Wichura 1988, AS 241: Φ⁻¹ near the centre, in ¾ of the tails, and far out. Relative error about 1e-16. */
const WICHURA = [
  [
    [
      3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
      67265.7709270087, 33430.57558358813, 2509.0809287301227,
    ],
    [
      1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
      28729.085735721943, 5226.495278852854,
    ],
  ],
  [
    [
      1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
      0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
    ],
    [
      1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
      0.0005475938084995345, 1.0507500716444169e-9,
    ],
  ],
  [
    [
      6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
      0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
    ],
    [
      1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
      1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
    ],
  ],
] as const;

const quotient = ([over, under]: (typeof WICHURA)[number], x: number) =>
  polynomial(over, x) / polynomial(under, x);

/**
 * Φ⁻¹: the z whose lower tail is `p`. Pass the upper tail `q` too if it carries more digits than 1 − p.
 */
export function normalQuantile(p: number, q = 1 - p): number {
  const centre = (p - q) / 2;
  if (Math.abs(centre) <= 0.425) return centre * quotient(WICHURA[0], 0.180625 - centre * centre);
  return Math.sign(centre) * tailQuantile(-Math.log(Math.min(p, q)));
}

/** The z > 0 whose upper tail is e^(−depth), for depth above 2. */
function tailQuantile(depth: number): number {
  const r = Math.sqrt(depth);
  return r <= 5 ? quotient(WICHURA[1], r - 1.6) : quotient(WICHURA[2], r - 5);
}

/**
 * Φ⁻¹ from the logs of both tails, for tails below what float64 can hold: Newton's method on log Φ, whose
 * slope is φ/Φ.
 */
export function logNormalQuantile(logP: number, logQ: number): number {
  const depth = -Math.min(logP, logQ);
  if (depth < 600) return normalQuantile(Math.exp(logP), Math.exp(logQ));
  let z = -Math.sqrt(2 * depth);
  for (let i = 0; i < 8; i++) {
    const value = logNormalCdf(z);
    z -= (value + depth) / Math.exp(logNormalDensity(z) - value);
  }
  return logP < logQ ? z : -z;
}

/** log(eᵃ + eᵇ) */
export function logAddExp(a: number, b: number): number {
  const most = Math.max(a, b);
  return most === -Infinity ? most : most + Math.log1p(Math.exp(Math.min(a, b) - most));
}
