import { tf } from '../tf.ts';
import { type Attributes, defineKernel, type Named, runKernel } from './define.ts';

export const UPSAMPLE = 'LangevinUpsample';
export const POOL = 'LangevinMeanPool';
export const FIR = 'LangevinFir';
export const FIR_TRANSPOSE = 'LangevinFirTranspose';

/** A symmetric-window filter on each channel: taps along both axes, the zeros before an image, and the two sizes. */
export interface Fir {
  /** One-dimensional taps; the filter is their outer product. */
  readonly taps: readonly number[];
  readonly stride: number;
  readonly padding: readonly [before: number, after: number];
  readonly image: readonly [number, number];
}

const planes = (x: tf.Tensor): number => x.shape[0]! * x.shape[1]!;
const sized = (x: tf.Tensor, h: number, w: number) => tf.reshape(x, [x.shape[0]!, x.shape[1]!, h, w]);

function upsample({ x }: Named): tf.Tensor {
  const [h, w] = x!.shape.slice(2) as [number, number];
  const pixels = tf.reshape(x!, [planes(x!) * h, w, 1]);
  const rows = tf.reshape(tf.concat([pixels, pixels], 2), [planes(x!) * h, 1, 2 * w]);
  return sized2(x!, tf.concat([rows, rows], 1), 2 * h, 2 * w);
}

const sized2 = (like: tf.Tensor, x: tf.Tensor, h: number, w: number) =>
  tf.reshape(x, [like.shape[0]!, like.shape[1]!, h, w]);

function pool({ x }: Named): tf.Tensor {
  const [h, w] = x!.shape.slice(2).map(side => side / 2) as [number, number];
  return sized2(x!, tf.mean(tf.reshape(x!, [planes(x!) * h, 2, w, 2]), [1, 3]), h, w);
}
