import { type BrownianTree, brownianTree, fillNormal, key } from '../random/index.ts';
import type { Sde } from '../sde/contract.ts';
import { fromHost, sizeOf } from '../tensor/index.ts';
import type { PathFactory } from './contract.ts';

/**
 * The path of a fixed grid: step k of sample i draws the bits of address (seed, stream, i, k), whatever the batch.
 * Streams: `path` for the Brownian increments, `fresh-k` for the k-th further draw of a step.
 */
export function gridPath(seed: number): PathFactory {
  return ({ step, first }, shape, t, s) => {
    const draw = (stream: string, scale: (row: number) => number) => {
      const size = sizeOf(shape.slice(1));
      const out = new Float32Array(sizeOf(shape));
      fillNormal(out, key(seed, stream), { step, first, size });
      rescale(out, size, scale);
      return fromHost(out, shape);
    };
    const width = (row: number) => {
      const at = (time: typeof t) => (typeof time === 'number' ? time : time[row]!);
      return Math.sqrt(Math.abs(at(s) - at(t)));
    };
    return {
      increment: () => draw('path', width),
      normal: k => draw(`fresh-${k}`, () => 1),
    };
  };
}

function rescale(out: Float32Array, size: number, scale: (row: number) => number): void {
  for (let row = 0; row * size < out.length; row++) {
    const factor = scale(row);
    if (factor !== 1) for (let j = row * size; j < (row + 1) * size; j++) out[j]! *= factor;
  }
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
