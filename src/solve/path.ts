import { type BrownianTree, brownianTree, fillNormal, key } from '../random/index.ts';
import { coefficients } from '../sde/coefficients.ts';
import type { Sde } from '../sde/contract.ts';
import { type Coefficient, fromHost, type Shape, sizeOf } from '../tensor/index.ts';
import type { PathFactory } from './contract.ts';

/**
 * The path of a fixed grid: step k of sample i draws the bits of address (seed, stream, i, k), whatever the batch.
 * Streams: `path` for the Brownian increments, `fresh-k` for the k-th further draw of a step.
 */
export function gridPath(seed: number): PathFactory {
  return ({ step, first }, shape, t, s) => {
    const draw = (stream: string) => {
      const out = new Float32Array(sizeOf(shape));
      fillNormal(out, key(seed, stream), { step, first, size: sizeOf(shape.slice(1)) });
      return out;
    };
    return {
      increment: () => fromHost(scaled(draw('path'), shape, rootDistance(t, s)), shape),
      normal: k => fromHost(draw(`fresh-${k}`), shape),
    };
  };
}

/** √|s − t| */
const rootDistance = (t: Coefficient, s: Coefficient): Coefficient =>
  coefficients((t, s) => [Math.sqrt(Math.abs(s - t))], t, s)[0]!;

/** `out` times c, in place; c may differ from row to row. */
function scaled(out: Float32Array, [rows]: Shape, c: Coefficient): Float32Array {
  const size = out.length / rows!;
  for (let row = 0; row < rows!; row++) {
    const factor = typeof c === 'number' ? c : c[row]!;
    for (let j = row * size; j < (row + 1) * size; j++) out[j]! *= factor;
  }
  return out;
}

/**
 * A path that is a function of time: W(s) − W(t) is the same however the steps come to it, so a rejected step is refined
 * along the same path, and grids of any two sizes share one. Slower than `gridPath`; adaptive stochastic solvers need it.
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
