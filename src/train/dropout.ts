import { fillUniform, key } from '../random/index.ts';
import { fromHost, type Shape, sizeOf, type Tensor } from '../tensor/index.ts';

/** Which features training drops, and what share of them. */
export interface Drops {
  readonly share: number;
  /** Of the features of one sample, layer by layer. */
  readonly shapes: readonly Shape[];
}

/**
 * Inverted dropout (Srivastava et al. 2014): masks [rows, ...shape] that are 0 with probability `share` and
 * else 1/(1 − share), so that features keep their mean. Keyed by (seed, `dropout/layer`, row, step).
 */
export const dropoutMasks = (
  { share, shapes }: Drops,
  seed: number,
  step: number,
  { first, rows }: { readonly first: number; readonly rows: number },
): Tensor[] =>
  shapes.map((shape, layer) => {
    const size = sizeOf(shape);
    const mask = new Float32Array(rows * size);
    fillUniform(mask, key(seed, `dropout/${layer}`), { step, first, size });
    const kept = 1 / (1 - share);
    for (let i = 0; i < mask.length; i++) mask[i] = mask[i]! < share ? 0 : kept;
    return fromHost(mask, [rows, ...shape]);
  });
