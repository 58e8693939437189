import type { Picture } from './picture.ts';

/**
 * The image at `side` × `side`: scaled so that its shorter side is `side`, then cropped from the middle. Each
 * new pixel is a weighted mean of old pixels; the weights are a triangle that reaches one new pixel to each
 * side (two old pixels when enlarging). So no pixel is skipped when an image shrinks, and a constant image
 * stays constant.
 */
export function resizeAndCrop(picture: Picture, side: number): Picture {
  const { width, height, channels } = picture;
  if (width === side && height === side) return picture;
  const scale = Math.min(width, height) / side;
  const across = weights(width, side, scale);
  const down = weights(height, side, scale);
  // Only the rows that are needed: an image can be one pixel wide and millions of pixels high.
  const top = down[0]!.first;
  const end = down[side - 1]!.first + down[side - 1]!.weights.length;
  const rows = new Float64Array((end - top) * side * channels);
  for (let y = top; y < end; y++)
    for (let x = 0; x < side; x++)
      for (let c = 0; c < channels; c++)
        rows[((y - top) * side + x) * channels + c] = mean(
          across[x]!,
          at => picture.data[(y * width + at) * channels + c]!,
        );
  const data = new Uint8Array(side * side * channels);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side * channels; x++)
      data[y * side * channels + x] = Math.round(
        mean(down[y]!, at => rows[(at - top) * side * channels + x]!),
      );
  return { width: side, height: side, channels, data };
}

interface Window {
  readonly first: number;
  /** The weights; their sum is 1. */
  readonly weights: readonly number[];
}

/** For each of `side` new positions along an axis, the old positions with their weights. */
function weights(length: number, side: number, scale: number): Window[] {
  const reach = Math.max(1, scale);
  const start = (length - side * scale) / 2;
  return Array.from({ length: side }, (_, i) => {
    const centre = start + (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - reach));
    const last = Math.min(length - 1, Math.ceil(centre + reach));
    const raw = Array.from({ length: last - first + 1 }, (_, k) =>
      Math.max(0, 1 - Math.abs(first + k + 0.5 - centre) / reach),
    );
    const total = raw.reduce((sum, value) => sum + value, 0);
    return { first, weights: raw.map(value => value / total) };
  });
}

const mean = ({ first, weights }: Window, value: (at: number) => number): number =>
  weights.reduce((sum, weight, k) => sum + weight * value(first + k), 0);
