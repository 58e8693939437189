import {
  add,
  concat,
  fromHost,
  linearise,
  mul,
  reshape,
  sizeOf,
  type Tensor,
  tile,
} from '../tensor/index.ts';
import { cleanCoefficients, cleanOf } from './clean.ts';
import type { GuidanceArguments, Look } from './contract.ts';

/**
 * The prediction, x̂, and J = ∂x̂/∂x_t at x_t, [B, D, D] with row i for x̂ᵢ. They come from one
 * evaluation of the network and D products with its Jacobian.
 */
export function withJacobian(args: Omit<GuidanceArguments, 'known'>): Required<Look> {
  const { sde, model, weights, x, t } = args;
  const [batch, ...each] = x.shape as [number, ...number[]];
  const size = sizeOf(each);
  const unit = fromHost(identity(size), [1, size, size]);
  return linearise(
    y => model.raw(weights, y, t),
    x,
    (raw, pull) => {
      const rows = Array.from({ length: size }, (_, i) => {
        const axis = fromHost(identity(size).subarray(i * size, (i + 1) * size), [1, ...each]);
        return reshape(pull(tile(axis, batch)), [batch, 1, size]);
      });
      const [A, B] = cleanCoefficients(sde, model, t);
      const slopes: Tensor = rows.length === 1 ? rows[0]! : concat(rows, 1);
      return {
        raw,
        clean: cleanOf(sde, model, x, raw, t),
        jacobian: add(mul(unit, A), mul(slopes, B)),
      };
    },
  );
}

function identity(size: number): Float32Array {
  const out = new Float32Array(size * size);
  for (let i = 0; i < size; i++) out[i * (size + 1)] = 1;
  return out;
}
