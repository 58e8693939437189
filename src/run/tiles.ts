import { usage } from '../errors.ts';
import type { PlainTensor } from '../tensor/types.ts';
import type { ModelConfig } from './config.ts';

/** Whether samples of a run have a picture: grey `[H, W]`, `[1, H, W]`, or colours `[3, H, W]`. */
export const areImages = ({ data: { shape } }: ModelConfig): boolean =>
  shape.length === 2 || (shape.length === 3 && (shape[0] === 1 || shape[0] === 3));

/** Images of 256 levels, `[N, ...D]` in the units of the data, as `[N, H, W, C]` with values in [0, 1]. */
export function tilesOf(config: ModelConfig, { data }: PlainTensor): PlainTensor {
  const { shape, source } = config.data;
  if (!areImages(config))
    throw usage('Samples of this shape have no picture', { where: source, got: `[${shape}]` });
  const [channels, height, width] = shape.length === 2 ? [1, ...shape] : shape;
  const size = height! * width!;
  const count = data.length / (size * channels!);
  const out = new Float32Array(data.length);
  for (let n = 0; n < count; n++)
    for (let c = 0; c < channels!; c++)
      for (let i = 0; i < size; i++) {
        out[(n * size + i) * channels! + c] = data[(n * channels! + c) * size + i]! / 256;
      }
  return { data: out, shape: [count, height!, width!, channels!] };
}
