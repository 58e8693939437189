import {
  add,
  fromHost,
  mul,
  reshape,
  sizeOf,
  slice,
  type Tensor,
  tile,
  transpose,
  vjp,
} from '../tensor/index.ts';
import { cleanCoefficients, cleanOf, timesFor } from './clean.ts';
import type { GuidanceArguments, Look } from './contract.ts';

/**
 * The prediction, x̂ and J = ∂x̂/∂x_t at x_t, [B, D, D] with row i for x̂ᵢ. They come from D products with
 * the network, all in one batch of D·B rows.
 */
export function withJacobian(args: Omit<GuidanceArguments, 'known'>): Required<Look> {
  const { sde, model, weights, x, t } = args;
  const [batch, size] = [x.shape[0]!, sizeOf(x.shape.slice(1))];
  const times = timesFor(t, size);
  const basis = new Float32Array(size * batch * size);
  for (let i = 0; i < size; i++) for (let b = 0; b < batch; b++) basis[(i * batch + b) * size + i] = 1;
  const { value, product } = vjp(
    y => model.raw(weights, y, times),
    tile(x, size),
    fromHost(basis, [size * batch, ...x.shape.slice(1)]),
  );
  const raw = slice(value, new Array<number>(x.shape.length).fill(0), x.shape);
  const slopes = transpose(reshape(product, [size, batch, size]), [1, 0, 2]);
  const [A, B] = cleanCoefficients(sde, model, t);
  const identity = new Float32Array(batch * size * size);
  for (let b = 0; b < batch; b++) for (let i = 0; i < size; i++) identity[(b * size + i) * size + i] = 1;
  const unit: Tensor = fromHost(identity, [batch, size, size]);
  return { raw, clean: cleanOf(sde, model, x, raw, t), jacobian: add(mul(unit, A), mul(slopes, B)) };
}
