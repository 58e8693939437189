import { type BrownianTree, brownianTree, fillNormal, type Key, key } from '../random/index.ts';
import { coefficients } from '../sde/coefficients.ts';
import type { Sde } from '../sde/contract.ts';
import { type Coefficient, combine, fromHost, sizeOf } from '../tensor/index.ts';
import type { PathFactory } from './contract.ts';

/**
 * The Brownian path of a fixed grid: step k of sample i draws the bits of address (seed, stream, i, k),
 * whatever the batch. Streams: `path` for the Brownian increments, `fresh-k` for the k-th further draw of a
 * step.
 */
export function gridPath(seed: number): PathFactory {
  const cut = cutter();
  const brownian = key(seed, 'path');
  return ({ step, first }, shape, t, s) => {
    const draw = (stream: Key) => {
      const out = cut(sizeOf(shape));
      fillNormal(out, stream, { step, first, size: out.length / shape[0]! });
      return fromHost(out, shape);
    };
    return {
      increment: () => combine([rootDistance(t, s), draw(brownian)]),
      normal: k => draw(key(seed, `fresh-${k}`)),
    };
  };
}

/** Values of a block that small arrays share: allocating a buffer costs more than drawing its values. */
const BLOCK = 1 << 14;

function cutter(): (length: number) => Float32Array {
  let block = new Float32Array(0);
  let offset = 0;
  return length => {
    if (length > BLOCK / 4) return new Float32Array(length);
    if (offset + length > block.length) {
      block = new Float32Array(BLOCK);
      offset = 0;
    }
    offset += length;
    return block.subarray(offset - length, offset);
  };
}

/** √|s − t| */
const rootDistance = (t: Coefficient, s: Coefficient): Coefficient =>
  coefficients((t, s) => [Math.sqrt(Math.abs(s - t))], t, s)[0]!;

/**
 * A Brownian path that is a function of time: W(s) − W(t) does not depend on the steps between. A rejected
 * step is therefore refined along the same Brownian path, and grids of any two sizes share one. Slower than
 * `gridPath`; adaptive stochastic solvers need it.
 */
export function treePath(seed: number, { tMin, tMax }: Pick<Sde, 'tMin' | 'tMax'>): PathFactory {
  const fresh = gridPath(seed);
  const trees = new Map<number, BrownianTree>();
  const treeOf = (size: number) => {
    const tree = trees.get(size) ?? brownianTree({ key: key(seed, 'path'), tMin, tMax, size });
    trees.set(size, tree);
    return tree;
  };
  return (at, shape, t, s) => ({
    increment: () => {
      const size = sizeOf(shape.slice(1));
      return fromHost(treeOf(size).increment(t, s, shape[0]!, { first: at.first }), shape);
    },
    normal: fresh(at, shape, t, s).normal,
  });
}
