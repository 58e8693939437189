import { unknownName, usage } from '../../errors.ts';
import { reshape, type Shape, type Tensor } from '../../tensor/index.ts';

export type Image = readonly [channels: number, height: number, width: number];

/** Samples are [C, H, W], or [H, W] for one channel. */
export function imageOf(name: string, shape: Shape): Image {
  if (shape.length === 3) return shape as unknown as Image;
  if (shape.length === 2) return [1, shape[0]!, shape[1]!];
  throw usage(`The network "${name}" is for images`, {
    got: `samples of shape [${shape}]`,
    expected: '[channels, height, width] or [height, width]',
    remedy: 'Use the net "mlp" for vectors',
  });
}

/** Applies a map of images [B, C, H, W] to samples that may lack the channel axis. */
export function asImages(image: Image, x: Tensor, map: (images: Tensor) => Tensor): Tensor {
  if (x.shape.length === 4) return map(x);
  return reshape(map(reshape(x, [x.shape[0]!, ...image])), x.shape);
}

/** @throws usage for an unknown option, with the nearest known one */
export function checkOptions(name: string, given: object, optionNames: readonly string[]): void {
  for (const option of Object.keys(given)) {
    if (!optionNames.includes(option)) throw unknownName(`option of ${name}`, option, optionNames);
  }
}
