import { usage } from '../errors.ts';
import { fillNormal, key } from '../random/index.ts';
import type { HostTensor } from '../tensor/types.ts';
import { type Points, pair } from './points.ts';
import { transportCost } from './transport.ts';

/** The directions and the order of a sliced Wasserstein distance. */
export interface SlicedOptions {
  /**
   * Number of random directions; default 128. In one dimension one direction is exact, so only one is used.
   */
  readonly projections?: number;
  /**
   * Seed of the directions. The same seed gives the same directions for any two sets of one dimension.
   * Default 0.
   */
  readonly seed?: number;
  /** p, the order of the distance, at least 1; default 2. */
  readonly order?: number;
}

/**
 * The sliced Wasserstein distance of two sets of points `[n, ...D]`, `[m, ...D]`, in the units of the data:
 *
 *     SWₚ = (1/L Σₗ Wₚᵖ(θₗ·a, θₗ·b))^(1/p),   θₗ uniform on the sphere.
 *
 * Each one-dimensional distance is exact (Bonneel, Rabin, Peyré, Pfister 2015). For two sets from the same
 * distribution it falls as n^(−1/2) and is never zero: compare it with the distance of two fresh sets.
 * @throws usage for sets that do not match and for impossible options; failure for a value that is not finite
 */
export function slicedWasserstein(a: HostTensor, b: HostTensor, options: SlicedOptions = {}): number {
  const { projections = 128, seed = 0, order = 2 } = options;
  if (!(Number.isInteger(projections) && projections >= 1) || !(order >= 1 && order < Infinity))
    throw usage('impossible options', {
      where: 'slicedWasserstein',
      got: `projections ${projections}, order ${order}`,
      expected: 'projections a whole number from 1, order at least 1',
    });
  const [p, q] = pair(a, b, 'slicedWasserstein');
  const [onA, onB] = [new Float64Array(p.count), new Float64Array(q.count)];
  const count = p.size === 1 ? 1 : projections;
  const cost = power(order);
  let sum = 0;
  for (let l = 0; l < count; l++) {
    const theta = direction(p.size, seed, l);
    sum += transportCost(project(p, theta, onA).sort(), project(q, theta, onB).sort(), cost);
  }
  return (sum / count) ** (1 / order);
}

const power = (order: number): ((gap: number) => number) =>
  order === 1 ? gap => gap : order === 2 ? gap => gap * gap : gap => gap ** order;

/** Direction l of a seed: a normal vector scaled to length 1. */
function direction(size: number, seed: number, l: number): Float64Array {
  const normal = new Float32Array(size);
  fillNormal(normal, key(seed, 'quality/projections'), { step: 0, first: l, size });
  const theta = Float64Array.from(normal);
  const length = Math.sqrt(theta.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? theta.map(value => value / length) : theta.fill(1 / Math.sqrt(size));
}

function project({ x, count, size }: Points, theta: Float64Array, out: Float64Array): Float64Array {
  for (let i = 0, at = 0; i < count; i++) {
    let sum = 0;
    for (let d = 0; d < size; d++, at++) sum += x[at]! * theta[d]!;
    out[i] = sum;
  }
  return out;
}
