import { usage } from '../errors.ts';
import { fillNormal, fillUniform, type Key } from '../random/index.ts';
import type { Dataset, Mixture } from './contract.ts';
import type { Transform } from './units/contract.ts';
import { affine } from './units/transform.ts';

/** A density that can be drawn from and evaluated: a toy, or one that a user writes. */
export interface Density {
  /** What people call it; errors name it. */
  readonly name: string;
  /** What it looks like, in a few words for `langevin list data`. */
  readonly title: string;
  /** Mean of each of the D dimensions, exact. Data are standardised with it and `std`. */
  readonly mean: readonly number[];
  /** Standard deviation of each dimension, exact. */
  readonly std: readonly number[];
  /** How many uniforms in (0, 1) one point takes. */
  readonly uniforms: number;
  /** How many standard normals one point takes. */
  readonly normals: number;
  /** Writes the point made of these draws to `out` `[D]`. Pure. */
  point(uniforms: Float64Array, normals: Float32Array, out: Float64Array): void;
  /** The exact log-density at x `[D]`, in nats. */
  logDensity(x: Float64Array): number;
  /** The density as a Gaussian mixture, if it is one. */
  readonly mixture?: Mixture;
}

/** Random draws have 32-bit sample numbers. Beyond them, the count continues in the next step. */
const ADDRESSES = 2 ** 32;

/**
 * A density as an endless data set. Each point of its stream depends only on the seed, the stream and the
 * number of the point.
 * @param transform to model units; default standardises by the density's own mean and standard deviation
 */
export function densityDataset(density: Density, transform?: Transform): Dataset {
  const { name, mean, std, mixture } = density;
  const dimension = mean.length;
  const map = transform ?? affine(mean, std);
  if (map.size !== dimension)
    throw usage('the transform is for other data', {
      where: name,
      got: `${map.size} dimensions`,
      expected: `${dimension}`,
    });
  return Object.freeze({
    name,
    shape: [dimension],
    count: Infinity,
    transform: map,
    notes: [],
    ...(mixture && { mixture }),
    batch: (out: Float32Array, key: Key, step: number, size: number) => {
      if (out.length !== size * dimension)
        throw usage('the batch does not fit its array', {
          where: name,
          got: out.length,
          expected: `${size * dimension} values`,
        });
      const first = step * size;
      const before = Math.min(size, ADDRESSES - (first % ADDRESSES));
      for (const [from, to] of [
        [0, before],
        [before, size],
      ] as const) {
        const at = first + from;
        const address = { step: Math.floor(at / ADDRESSES), first: at % ADDRESSES };
        if (to > from)
          map.forward(draw(density, key, address, to - from), out.subarray(from * dimension, to * dimension));
      }
    },
    read: (out: Float32Array | Float64Array, key: Key, samples: Uint32Array) => {
      map.forward(draw(density, key, { step: 0, samples }, samples.length), out);
    },
    logDensity: density.logDensity,
  });
}

type Address = { step: number; first: number } | { step: number; samples: Uint32Array };

/** `count` points, `[count, D]` in original units and float64. */
function draw(density: Density, key: Key, at: Address, count: number): Float64Array {
  const { uniforms, normals, mean } = density;
  const u = new Float64Array(count * uniforms);
  const n = new Float32Array(count * normals);
  const out = new Float64Array(count * mean.length);
  if (uniforms > 0) fillUniform(u, key, { ...at, size: uniforms });
  if (normals > 0) fillNormal(n, key, { ...at, size: normals });
  // One row of each, used repeatedly: making thousands of views costs more than the draws.
  const row = {
    u: new Float64Array(uniforms),
    n: new Float32Array(normals),
    x: new Float64Array(mean.length),
  };
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < uniforms; j++) row.u[j] = u[i * uniforms + j]!;
    for (let j = 0; j < normals; j++) row.n[j] = n[i * normals + j]!;
    density.point(row.u, row.n, row.x);
    for (let d = 0; d < mean.length; d++) out[i * mean.length + d] = row.x[d]!;
  }
  return out;
}
