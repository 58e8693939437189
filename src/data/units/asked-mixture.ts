import { type Eigen, symmetricEigen } from '../../math/eigenvectors.ts';
import { type Conditional, conditionals, type Gaussian, STATES } from './gaussian.ts';
import { gaussianLogDensities } from './gaussian-density.ts';
import { type GaussianMixture, logSums } from './mixture.ts';

/** A component of the law of the generated coordinates of a row, given its known ones. */
export interface AskedComponent {
  /** log of its weight. */
  readonly logWeight: number;
  /** Its mean, `[D]`; 0 where a coordinate is not generated. */
  readonly mean: Float64Array;
  /** Of its covariance, `[D, D]`; the identity where a coordinate is not generated. */
  readonly eigen: Eigen;
}

/** Patterns of states whose eigenvectors stay in memory. */
const MOST_PATTERNS = 512;

/**
 * The conditionals of a mixture. Given the known coordinates x_k, component i has weight
 * wᵢ·N(x_k; mean_k, Σ_kk) up to a factor, and its own conditional Gaussian.
 */
export function askedMixture(
  mixture: GaussianMixture,
): (states: Uint8Array, known: Float64Array) => AskedComponent[] {
  const asked = mixture.components.map(askedGaussian);
  return (states, known) => {
    const components = asked.map(of => of(states, known));
    if (asked.length === 1) return [{ ...components[0]!, logWeight: 0 }];
    const terms = logKnown(mixture, states, known);
    const [total] = logSums(terms.map(term => Float64Array.of(term)));
    return components.map((component, k) => ({ ...component, logWeight: terms[k]! - total! }));
  };
}

/** log wᵢ + log N(x_k; mean_k, Σ_kk) of each component. */
function logKnown(
  { weights, components }: GaussianMixture,
  states: Uint8Array,
  known: Float64Array,
): number[] {
  const row = known.map((value, d) => (states[d] === STATES.known ? value : Number.NaN));
  return components.map((gaussian, k) => Math.log(weights[k]!) + gaussianLogDensities(gaussian, row)[0]!);
}

function askedGaussian(gaussian: Gaussian) {
  const size = gaussian.mean.length;
  const conditionalOf = conditionals(gaussian);
  const eigens = new Map<string, Eigen>();
  return (states: Uint8Array, known: Float64Array) => {
    const conditional = conditionalOf(states);
    const pattern = states.join('');
    const eigen = eigens.get(pattern) ?? symmetricEigen(covarianceOf(conditional, size), size);
    if (eigens.size >= MOST_PATTERNS) eigens.clear();
    eigens.set(pattern, eigen);
    return { eigen, mean: meanOf(conditional, gaussian.mean, known) };
  };
}

function meanOf(
  { generated, known: places, regression }: Conditional,
  mean: Float64Array,
  known: Float64Array,
) {
  const out = new Float64Array(mean.length);
  for (const [i, d] of generated.entries()) {
    out[d] = mean[d]!;
    for (const [j, k] of places.entries())
      out[d]! += regression[i * places.length + j]! * (known[k]! - mean[k]!);
  }
  return out;
}

/** LLᵀ at the generated coordinates, the identity elsewhere. */
function covarianceOf({ generated, factor }: Conditional, size: number): Float64Array {
  const count = generated.length;
  const covariance = new Float64Array(size * size);
  for (let d = 0; d < size; d++) covariance[d * size + d] = 1;
  for (let i = 0; i < count; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k <= j; k++) sum += factor[i * count + k]! * factor[j * count + k]!;
      covariance[generated[i]! * size + generated[j]!] = sum;
      covariance[generated[j]! * size + generated[i]!] = sum;
    }
  return covariance;
}
