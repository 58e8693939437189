import { cholesky, isPositiveDefinite } from '../../math/cholesky.ts';

/**
 * The state of a coordinate of a row: generated, known, or absent (marginalised out).
 */
export const STATES = Object.freeze({ generated: 0, known: 1, absent: 2 } as const);

/** A Gaussian N(mean, covariance) over D coordinates. */
export interface Gaussian {
  /** `[D]` */
  readonly mean: Float64Array;
  /** `[D, D]`, symmetric and positive definite; or `[D]`, the variances of independent coordinates. */
  readonly covariance: Float64Array;
}

/** The standard deviations of a Gaussian, `[D]`. */
export function stdsOf({ mean, covariance }: Gaussian): Float64Array {
  const step = covariance.length > mean.length ? mean.length + 1 : 1;
  return mean.map((_, d) => Math.sqrt(covariance[d * step]!));
}

/** The law of coordinates with mean 0 and variance 1: their correlations, or variances of 1. */
export function standardGaussian(gaussian: Gaussian): Gaussian {
  const { mean, covariance } = gaussian;
  const size = mean.length;
  const std = stdsOf(gaussian);
  return {
    mean: new Float64Array(size),
    covariance: covariance.map((value, at) =>
      covariance.length > size ? value / (std[Math.floor(at / size)]! * std[at % size]!) : 1,
    ),
  };
}

/** Whether the correlations of a Gaussian of positive variances are positive definite, up to rounding. */
export function isDefinite(gaussian: Gaussian): boolean {
  const { mean, covariance } = gaussian;
  const size = mean.length;
  if (covariance.length === size) return true;
  const std = stdsOf(gaussian);
  return isPositiveDefinite(size, (i, j) => covariance[i * size + j]! / (std[i]! * std[j]!));
}

/**
 * The Gaussian of the generated coordinates g of a row, given the known ones k; absent ones are marginalised
 * out. With Σ its covariance: mean_g + B·(x_k − mean_k), B = Σ_gk Σ_kk⁻¹, and covariance LLᵀ = Σ_gg − B·Σ_kg.
 */
export interface Conditional {
  /** The generated coordinates, in rising order. */
  readonly generated: readonly number[];
  /** The known coordinates, in rising order. */
  readonly known: readonly number[];
  /** L, `[|g|, |g|]`, lower triangular. */
  readonly factor: Float64Array;
  /** B, `[|g|, |k|]` */
  readonly regression: Float64Array;
  /** log det L */
  readonly logDeterminant: number;
}

/** The conditional of a Gaussian for each pattern of states. The last patterns are kept. */
export function conditionals({ mean, covariance }: Gaussian): (states: Uint8Array) => Conditional {
  const size = mean.length;
  const entry =
    covariance.length === size
      ? (i: number, j: number) => (i === j ? covariance[i]! : 0)
      : (i: number, j: number) => covariance[i * size + j]!;
  const patterns = new Map<string, Conditional>();
  return states => {
    const name = states.join('');
    let conditional = patterns.get(name);
    if (!conditional) {
      if (patterns.size >= MOST_KEPT) patterns.clear();
      conditional = conditionalOf(entry, states);
      patterns.set(name, conditional);
    }
    return conditional;
  };
}

const MOST_KEPT = 512;

function conditionalOf(entry: (i: number, j: number) => number, states: Uint8Array): Conditional {
  const places = (state: number) => [...states.keys()].filter(d => states[d] === state);
  const [generated, known] = [places(STATES.generated), places(STATES.known)];
  // One Cholesky factor of (k, g) holds all: [L_kk 0; W L], B = W·L_kk⁻¹.
  const order = [...known, ...generated];
  const [n, m] = [order.length, known.length];
  const full = cholesky(n, (i, j) => entry(order[i]!, order[j]!));
  const size = n - m;
  const factor = new Float64Array(size * size);
  const regression = new Float64Array(size * m);
  let logDeterminant = 0;
  for (let i = 0; i < size; i++) {
    const row = (m + i) * n;
    factor.set(full.subarray(row + m, row + m + i + 1), i * size);
    logDeterminant += Math.log(factor[i * size + i]!);
    for (let j = m - 1; j >= 0; j--) {
      let sum = full[row + j]!;
      for (let l = j + 1; l < m; l++) sum -= regression[i * m + l]! * full[l * n + j]!;
      regression[i * m + j] = sum / full[j * n + j]!;
    }
  }
  return { generated, known, factor, regression, logDeterminant };
}
