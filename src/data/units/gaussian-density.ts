import { conditionals, type Gaussian, STATES } from './gaussian.ts';
import { type Pattern, patternsOf } from './patterns.ts';

/** log N(x; mean, covariance) of the values of a row that are there, for rows `[n, D]`; NaN is missing. */
export function gaussianLogDensities(
  gaussian: Gaussian,
  rows: Float64Array,
  patterns: readonly Pattern[] = patternsOf(rows, gaussian.mean.length),
): Float64Array {
  const { mean } = gaussian;
  const size = mean.length;
  const conditionalOf = conditionals(gaussian);
  const out = new Float64Array(rows.length / size);
  const z = new Float64Array(size);
  for (const { missing, rows: places } of patterns) {
    const states = missing.map(isMissing => (isMissing ? STATES.absent : STATES.generated));
    const { generated, factor, logDeterminant } = conditionalOf(states);
    const n = generated.length;
    const constant = -logDeterminant - 0.5 * n * Math.log(2 * Math.PI);
    for (const row of places) {
      let square = 0;
      for (let i = 0; i < n; i++) {
        const d = generated[i]!;
        let sum = rows[row * size + d]! - mean[d]!;
        for (let j = 0; j < i; j++) sum -= factor[i * n + j]! * z[j]!;
        z[i] = sum / factor[i * n + i]!;
        square += z[i]! ** 2;
      }
      out[row] = constant - 0.5 * square;
    }
  }
  return out;
}
