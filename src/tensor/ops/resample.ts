import { usage } from '../../errors.ts';
import { runKernel } from '../kernels/define.ts';
import { FIR, FIR_TRANSPOSE, type Fir, POOL, UPSAMPLE } from '../kernels/resample.ts';
import { apply } from '../mode.ts';
import { inner, outer } from '../operands.ts';
import type { Tensor } from '../types.ts';

const sidesOf = (x: Tensor) => [x.shape[2]!, x.shape[3]!] as const;

/** Every pixel twice along both axes: [B, C, H, W] → [B, C, 2H, 2W]. */
export const upsample2 = (x: Tensor): Tensor =>
  apply('upsample2', [x], [], () => outer(runKernel(UPSAMPLE, { x: inner(x) }, {})));

/** The mean of each two by two pixels: [B, C, H, W] → [B, C, H/2, W/2], for even sides. */
export function meanPool2(x: Tensor): Tensor {
  if (sidesOf(x).some(side => side % 2 !== 0)) {
    throw usage('meanPool2: the sides of an image have to be even', { got: `[${x.shape}]` });
  }
  return apply('meanPool2', [x], [], () => outer(runKernel(POOL, { x: inner(x) }, {})));
}

const run = (kernel: string, x: Tensor, form: Fir): Tensor =>
  apply(kernel, [x], Object.values(form).map(String), () => outer(runKernel(kernel, { x: inner(x) }, form)));

/**
 * The separable filter Σ_j taps[j]·x[stride·n + j − before] on each channel, along both axes, with zeros
 * outside the image. x: [B, C, H, W] → [B, C, H', W'], H' = ⌊(H + before + after − k)/stride⌋ + 1.
 */
export const fir2d = (
  x: Tensor,
  taps: readonly number[],
  stride: number,
  padding: readonly [number, number],
): Tensor => run(FIR, x, { taps, stride, padding, image: sidesOf(x) });

/** The transpose of `fir2d`: from an image shaped like its result to an image of `size`. */
export const firTranspose2d = (
  x: Tensor,
  taps: readonly number[],
  stride: number,
  padding: readonly [number, number],
  size: readonly [number, number],
): Tensor => run(FIR_TRANSPOSE, x, { taps, stride, padding, image: size });
