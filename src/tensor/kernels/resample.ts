import { tf } from '../tf.ts';
import { type Attributes, defineKernel, type Named, runKernel } from './define.ts';

export const UPSAMPLE = 'LangevinUpsample';
export const POOL = 'LangevinMeanPool';
export const FIR = 'LangevinFir';
export const FIR_TRANSPOSE = 'LangevinFirTranspose';

/**
 * A filter on each channel, the outer product of `taps` with itself, evaluated at every `stride`-th position
 * of the image.
 */
export interface Fir {
  readonly taps: readonly number[];
  readonly stride: number;
  /** Zeros before and after the image, on both axes. */
  readonly padding: readonly [number, number];
  /** Height and width of the image that is filtered (of the result, for the transpose). */
  readonly image: readonly [number, number];
}

const firOf = (attributes: Attributes) => attributes as unknown as Fir;
const planes = (x: tf.Tensor): number => x.shape[0]! * x.shape[1]!;
const image = (x: tf.Tensor, like: tf.Tensor, h: number, w: number) =>
  tf.reshape(x, [like.shape[0]!, like.shape[1]!, h, w]);

function upsample({ x }: Named): tf.Tensor {
  const [h, w] = x!.shape.slice(2) as [number, number];
  const pixels = tf.reshape(x!, [planes(x!) * h, w, 1]);
  const rows = tf.reshape(tf.concat([pixels, pixels], 2), [planes(x!) * h, 1, 2 * w]);
  return image(tf.concat([rows, rows], 1), x!, 2 * h, 2 * w);
}

function pool({ x }: Named): tf.Tensor {
  const [h, w] = x!.shape.slice(2).map(side => side / 2) as [number, number];
  return image(tf.mean(tf.reshape(x!, [planes(x!) * h, 2, w, 2]), [1, 3]), x!, h, w);
}

/** The two-dimensional filter for images of one channel: [k, k, 1, 1]. */
const filterOf = (taps: readonly number[]): tf.Tensor4D => {
  const column = tf.tensor2d([...taps], [taps.length, 1]);
  return tf.reshape(tf.matMul(column, column, false, true), [taps.length, taps.length, 1, 1]);
};
const single = (x: tf.Tensor): tf.Tensor4D => tf.reshape(x, [planes(x), x.shape[2]!, x.shape[3]!, 1]);

function fir({ x }: Named, attributes: Attributes): tf.Tensor {
  const { taps, stride, padding } = firOf(attributes);
  const around = [...padding] as [number, number];
  const padded = tf.pad(single(x!), [[0, 0], around, around, [0, 0]]);
  const y = tf.conv2d(padded, filterOf(taps), stride, 'valid');
  return image(y, x!, y.shape[1], y.shape[2]);
}

function firTranspose({ x }: Named, attributes: Attributes): tf.Tensor {
  const {
    taps,
    stride,
    padding,
    image: [h, w],
  } = firOf(attributes);
  const [before, after] = padding;
  const whole = [planes(x!), h + before + after, w + before + after, 1] as [number, number, number, number];
  const wide = tf.conv2dTranspose(single(x!), filterOf(taps), whole, stride, 'valid');
  return image(tf.slice(wide, [0, before, before, 0], [planes(x!), h, w, 1]), x!, h, w);
}

defineKernel({
  name: UPSAMPLE,
  compute: upsample,
  gradient: ([dy]) => ({ x: () => tf.mul(runKernel(POOL, { x: dy! }, {}), 4) }),
});
defineKernel({
  name: POOL,
  compute: pool,
  gradient: ([dy]) => ({ x: () => tf.mul(runKernel(UPSAMPLE, { x: dy! }, {}), 0.25) }),
});
defineKernel({
  name: FIR,
  compute: fir,
  gradient: ([dy], _saved, form) => ({ x: () => runKernel(FIR_TRANSPOSE, { x: dy! }, form) }),
});
defineKernel({
  name: FIR_TRANSPOSE,
  compute: firTranspose,
  gradient: ([dy], _saved, form) => ({ x: () => runKernel(FIR, { x: dy! }, form) }),
});
