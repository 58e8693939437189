import { fillUniform, key } from '../random/index.ts';
import { fromHost, type Shape, sizeOf, type Tensor } from '../tensor/index.ts';

/** The features that training drops, and their share. */
export interface Drops {
  readonly share: number;
  /** Shapes of the features of one sample, layer by layer. */
  readonly shapes: readonly Shape[];
}

/**
 * Inverted dropout (Srivastava et al. 2014): masks [rows, ...shape] that are 0 with probability `share`, and
 * 1/(1 − share) otherwise, so that features keep their mean. The key is (seed, `dropout/layer`, row, step).
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
    const scale = 1 / (1 - share);
    for (let i = 0; i < mask.length; i++) mask[i] = mask[i]! < share ? 0 : scale;
    return fromHost(mask, [rows, ...shape]);
  });
