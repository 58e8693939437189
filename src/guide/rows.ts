import {
  add,
  concat,
  fromHost,
  matmul,
  mul,
  reshape,
  sizeOf,
  slice,
  type Tensor,
  tile,
  transpose,
  vjp,
} from '../tensor/index.ts';
import { isotropic, secondMoment } from './clean.ts';
import type { GuidanceArguments, Guided } from './contract.ts';
import { asCovariance } from './covariance.ts';
import { logDependent } from './prediction.ts';
import { withProducts } from './products.ts';
import { withDensities } from './single-pass.ts';

/** Least variance of a direction, as a part of r². */
const FLOOR = 1e-6;

/**
 * The guidance with V = (σ²/α)·J, by the products of every row of A with J: G = A·J, M = A·V·Aᵀ, and
 * ∇log p̃ = Gᵀ·∂log p̃/∂μ.
 */
export function byRows(args: GuidanceArguments): Required<Guided> {
  const { sde, observation, rows: constants, x, t } = args;
  const [batch, size, m] = [x.shape[0]!, sizeOf(x.shape.slice(1)), observation.count];
  const ones = (rows: number) => fromHost(new Float32Array(rows).fill(1), [rows]);
  const more = observation.densities.length > 0;
  const count = m + (more ? 1 : 0);
  return withProducts(args, count, ({ raw, clean }, productsOf) => {
    const further = more ? vjp(at => withDensities(args, undefined, at), clean, ones(batch)) : undefined;
    const slopes: Tensor[] = [];
    if (m > 0) {
      const basis = fromHost(basisOf(m, batch), [m * batch, m]);
      slopes.push(vjp(at => observation.apply(constants, at), tile(clean, m), basis).product);
    }
    if (further) slopes.push(further.product);
    const A = reshape(slopes.length === 1 ? slopes[0]! : concat(slopes, 0), [count * batch, size]);
    const bySample = (rows: Tensor) => transpose(reshape(rows, [count, batch, size]), [1, 0, 2]);
    const G = productsOf(A);
    const gains: Tensor[] = [];
    const terms: Tensor[] = [];
    if (m > 0) {
      const covariance = mul(matmul(bySample(A), G, false, true), secondMoment(sde, t));
      const symmetric = mul(add(covariance, transpose(covariance, [0, 2, 1])), 0.5);
      const VA = mul(slice(G, [0, 0, 0], [batch, m, size]), secondMoment(sde, t));
      const M = asCovariance(slice(symmetric, [0, 0, 0], [batch, m, m]), VA);
      const floor = floorOf(args);
      const { value, product: lambda } = vjp(
        mu => logDependent(observation, mu, M, floor),
        observation.apply(constants, clean),
        ones(batch),
      );
      gains.push(lambda);
      terms.push(value);
    }
    if (further) {
      gains.push(fromHost(new Float32Array(batch).fill(1), [batch, 1]));
      terms.push(further.value);
    }
    const lambda = reshape(gains.length === 1 ? gains[0]! : concat(gains, 1), [batch, 1, count]);
    return {
      raw,
      gradient: reshape(matmul(lambda, G), x.shape),
      logLikelihood: terms.reduce(add),
    };
  });
}

const floorOf = ({ sde, t }: GuidanceArguments) => {
  const r2 = isotropic(sde, 1, t);
  return typeof r2 === 'number' ? FLOOR * r2 : r2.map(value => FLOOR * value);
};

/** Rows i·B … (i + 1)·B hold the unit vector of measurement i. */
function basisOf(m: number, batch: number): Float32Array {
  const out = new Float32Array(m * batch * m);
  for (let i = 0; i < m; i++) for (let b = 0; b < batch; b++) out[(i * batch + b) * m + i] = 1;
  return out;
}
