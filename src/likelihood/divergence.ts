import { unknownName, usage } from '../errors.ts';
import { fillNormal, fillRademacher, key } from '../random/index.ts';
import type { Field } from '../solve/contract.ts';
import type { Coefficient } from '../tensor/index.ts';
import {
  fromHost,
  jacobianTrace,
  projectedTrace,
  repeatTimes,
  sizeOf,
  type Tensor,
} from '../tensor/index.ts';

/** The divergence ∇·v of a field and its value, in one forward pass. */
export interface Divergence {
  /** Its usual name, such as `exact`. */
  readonly name: string;
  /** Number of probes (Hutchinson), or 0 if the trace is exact. */
  readonly probes: number;
  /** x: [B, ...D] → value [B, ...D], divergence [B]. Row i of the batch is sample `first` + i. */
  at(
    field: Field,
    x: Tensor,
    t: Coefficient,
    first: number,
  ): {
    /** The field at x, [B, ...D]. */
    value: Tensor;
    /** ∇·v, [B]. */
    divergence: Tensor;
  };
}

/** The largest dimension for which the exact trace is the default. */
export const EXACT_LIMIT = 64;

/** ∇·v = Σⱼ ∂vⱼ/∂xⱼ from D products with the Jacobian (`jacobianTrace`). */
export const exact = (): Divergence =>
  Object.freeze({
    name: 'exact',
    probes: 0,
    at(field: Field, x: Tensor, t: Coefficient) {
      const { value, trace } = jacobianTrace(
        (y, repeats) => field(y, typeof t === 'number' ? t : repeatTimes(t, repeats)),
        x,
      );
      return { value, divergence: trace };
    },
  });

/** The probes of the trace: their number, their distribution and their seed. */
export interface HutchinsonOptions {
  /** Probes of each sample, a whole number above 0. Default 1. */
  readonly probes?: number;
  /** The distribution of a probe: signs ±1 or N(0, I). Default `rademacher`. */
  readonly law?: 'rademacher' | 'gaussian';
  /** Seed of the probes. Default 0. */
  readonly seed?: number;
}

/**
 * ∇·v ≈ mean over k probes of εᵀ(∂v/∂x)ε, E εεᵀ = I (Hutchinson 1990; Song et al. 2021, eq. 41). The probes
 * of a sample stay fixed along its trajectory, so the estimated divergence is one smooth function. Rademacher
 * probes are exact for diagonal Jacobians.
 */
export function hutchinson({ probes = 1, law = 'rademacher', seed = 0 }: HutchinsonOptions = {}): Divergence {
  if (!(Number.isInteger(probes) && probes > 0))
    throw usage('The number of probes has to be a whole number above 0', { got: probes });
  const fills = { rademacher: fillRademacher, gaussian: fillNormal };
  if (!Object.hasOwn(fills, law)) throw unknownName('probe law', law, Object.keys(fills));
  const probesByAddress = new Map<string, Float32Array>();
  const draw = (rows: number, size: number, first: number, k: number) => {
    const name = `${rows}:${size}:${first}:${k}`;
    const former = probesByAddress.get(name);
    if (former) return former;
    if (k === 0) probesByAddress.clear();
    const out = new Float32Array(rows * size);
    fills[law](out, key(seed, 'probe'), { step: k, first, size });
    probesByAddress.set(name, out);
    return out;
  };
  return Object.freeze({
    name: `hutchinson-${law}`,
    probes,
    at(field: Field, x: Tensor, t: Coefficient, first: number) {
      const size = sizeOf(x.shape.slice(1));
      const directions = Array.from({ length: probes }, (_, k) =>
        fromHost(draw(x.shape[0]!, size, first, k), x.shape),
      );
      const { value, trace } = projectedTrace(y => field(y, t), x, directions);
      return { value, divergence: trace };
    },
  });
}
