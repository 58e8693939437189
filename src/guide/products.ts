import {
  combine,
  concat,
  linearise,
  matmul,
  reshape,
  sizeOf,
  slice,
  type Tensor,
  tile,
  transpose,
} from '../tensor/index.ts';
import { cleanCoefficients, cleanOf, timesFor } from './clean.ts';
import type { GuidanceArguments, Look } from './contract.ts';

/** Products that go backward one by one. More of them go in one batch, whose forward pass is as large. */
const MOST_APART = 4;

/**
 * The model at x_t, and the products of `count` rows for each sample with J = ∂x̂/∂x_t: [count·B, D], row
 * i·B + b for sample b, → [B, count, D]. Up to four rows share one forward pass.
 */
export function withProducts<T>(
  args: GuidanceArguments,
  count: number,
  body: (look: Look, productsOf: (rows: Tensor) => Tensor) => T,
): T {
  const { sde, model, weights, x, t, known } = args;
  const [batch, size] = [x.shape[0]!, sizeOf(x.shape.slice(1))];
  const bySample = (rows: Tensor) => transpose(reshape(rows, [count, batch, size]), [1, 0, 2]);
  if (known?.jacobian) {
    const { jacobian } = known;
    return body(known, rows => matmul(bySample(rows), jacobian));
  }
  const repeats = count > MOST_APART ? count : 1;
  const times = timesFor(t, repeats);
  const [A, B] = cleanCoefficients(sde, model, times);
  return linearise(
    y => model.raw(weights, y, times),
    repeats === 1 ? x : tile(x, repeats),
    (values, pull) => {
      const raw =
        repeats === 1
          ? values
          : slice(
              values,
              x.shape.map(() => 0),
              x.shape,
            );
      const each = [repeats * batch, ...x.shape.slice(1)];
      const products = (rows: Tensor) => {
        const v = reshape(rows, each);
        return combine([A, v], [B, pull(v)]);
      };
      const productsOf = (rows: Tensor) => {
        if (repeats === count) return bySample(products(rows));
        const parts = Array.from({ length: count }, (_, i) =>
          products(slice(rows, [i * batch, 0], [batch, size])),
        );
        return bySample(parts.length === 1 ? parts[0]! : concat(parts, 0));
      };
      return body({ raw, clean: known?.clean ?? cleanOf(sde, model, x, raw, t) }, productsOf);
    },
  );
}
