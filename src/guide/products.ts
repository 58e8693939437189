import {
  combine,
  concat,
  linearise,
  matmul,
  reshape,
  sizeOf,
  slice,
  type Tensor,
  transpose,
} from '../tensor/index.ts';
import { cleanCoefficients, cleanOf } from './clean.ts';
import type { GuidanceArguments, Look } from './contract.ts';

/**
 * The model at x_t, and the products of `count` rows for each sample with J = ∂x̂/∂x_t: [count·B, D], row
 * i·B + b for sample b, → [B, count, D]. All rows share one forward pass.
 */
export function withProducts<T>(
  args: GuidanceArguments,
  count: number,
  body: (look: Look, productsOf: (rows: Tensor) => Tensor) => T,
): T {
  const { sde, model, weights, x, t, known } = args;
  const [batch, size] = [x.shape[0]!, sizeOf(x.shape.slice(1))];
  if (known?.jacobian) {
    const { jacobian } = known;
    const bySample = (rows: Tensor) => transpose(reshape(rows, [count, batch, size]), [1, 0, 2]);
    return body(known, rows => matmul(bySample(rows), jacobian));
  }
  const [A, B] = cleanCoefficients(sde, model, t);
  return linearise(
    y => model.raw(weights, y, t),
    x,
    (raw, pull) => {
      const product = (rows: Tensor, i: number) => {
        const v = reshape(slice(rows, [i * batch, 0], [batch, size]), x.shape);
        return reshape(combine([A, v], [B, pull(v)]), [batch, 1, size]);
      };
      const productsOf = (rows: Tensor) => {
        const parts = Array.from({ length: count }, (_, i) => product(rows, i));
        return parts.length === 1 ? parts[0]! : concat(parts, 1);
      };
      return body({ raw, clean: known?.clean ?? cleanOf(sde, model, x, raw, t) }, productsOf);
    },
  );
}
