import { failure, usage } from '../errors.ts';
import type { Mixture, Transform } from './contract.ts';

/**
 * The transform z = (x − shift)/scale.
 * @throws usage if the two differ in length, a shift is not finite or a scale not finite and positive
 */
export function affine(shift: ArrayLike<number>, scale: ArrayLike<number>, bins = false): Transform {
  // Adding 0 turns −0, which JSON cannot hold, into 0.
  const [a, s] = [Float64Array.from(shift).map(value => value + 0), Float64Array.from(scale)];
  if (a.length !== s.length || a.length === 0)
    throw usage('shift and scale must be of one length', {
      where: 'transform',
      got: `${a.length}, ${s.length}`,
    });
  const bad = a.findIndex((value, d) => !Number.isFinite(value) || !(s[d]! > 0 && s[d]! < Infinity));
  if (bad >= 0)
    throw usage('impossible transform', {
      where: `transform, dimension ${bad}`,
      got: `shift ${a[bad]}, scale ${s[bad]}`,
      expected: 'a finite shift and a positive scale',
    });
  return Object.freeze({
    shift: a,
    scale: s,
    bins,
    logDeterminant: -s.reduce((sum, value) => sum + Math.log(value), 0),
    forward: <T extends Float32Array | Float64Array>(x: ArrayLike<number>, out: T) => {
      checkRows(x, out, a.length);
      for (let row = 0; row < out.length; row += a.length)
        for (let d = 0; d < a.length; d++) out[row + d] = (x[row + d]! - a[d]!) / s[d]!;
      return out;
    },
    inverse: <T extends Float32Array | Float64Array>(z: ArrayLike<number>, out: T) => {
      checkRows(z, out, a.length);
      for (let row = 0; row < out.length; row += a.length)
        for (let d = 0; d < a.length; d++) out[row + d] = a[d]! + s[d]! * z[row + d]!;
      return out;
    },
    toJSON: () => ({ shift: [...a], scale: [...s], bins }),
  });
}

/** The transform that changes nothing, in D dimensions. */
export const identity = (dimension: number): Transform =>
  affine(new Float64Array(dimension), new Float64Array(dimension).fill(1));

/** `second` after `first`; its log-determinant is the sum of theirs. */
export function compose(first: Transform, second: Transform): Transform {
  const shift = first.shift.map((value, d) => value + first.scale[d]! * second.shift[d]!);
  return affine(
    shift,
    first.scale.map((value, d) => value * second.scale[d]!),
    first.bins,
  );
}

/**
 * A transform read back from its JSON.
 * @throws failure, naming `where`, if it is not one
 */
export function transformFromJson(json: unknown, where: string): Transform {
  const { shift, scale, bins } = (json ?? {}) as Record<string, unknown>;
  const numbers = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every(value => typeof value === 'number');
  if (!numbers(shift) || !numbers(scale) || typeof bins !== 'boolean')
    throw failure('not a transform', { where, got: JSON.stringify(json), expected: 'shift, scale and bins' });
  return affine(shift, scale, bins);
}

/** A Gaussian mixture carried from original to model units: means (m − shift)/scale, standard deviations s/scale. */
export function transformMixture({ weights, means, stds }: Mixture, { shift, scale }: Transform): Mixture {
  return {
    weights,
    means: means.map(mean => mean.map((value, d) => (value - shift[d]!) / scale[d]!)),
    stds: stds.map(std => std.map((value, d) => value / scale[d]!)),
  };
}

/**
 * Bits per dimension of a log-density in nats over original units, for data in bins of width 1: −log p / (D ln 2).
 */
export const bitsPerDimension = (nats: number, dimension: number): number => -nats / (dimension * Math.LN2);

function checkRows(from: ArrayLike<number>, out: ArrayLike<number>, width: number): void {
  if (from.length !== out.length || out.length % width !== 0)
    throw usage('rows of the wrong width', {
      where: 'transform',
      got: `${from.length} into ${out.length} values`,
      expected: `rows of ${width}`,
    });
}
