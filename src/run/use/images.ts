import { usage } from '../../errors.ts';
import type { HostTensor, PlainTensor } from '../../tensor/types.ts';
import type { ModelConfig } from '../folder/config.ts';

/** Whether samples of a run can be shown as pictures: grey `[H, W]` or `[1, H, W]`, or colour `[3, H, W]`. */
export const areImages = ({ data: { shape } }: ModelConfig): boolean =>
  shape.length === 2 || (shape.length === 3 && (shape[0] === 1 || shape[0] === 3));

/** Images `[N, ...D]` in the units of the data as `[N, H, W, C]` with values in [0, 1]. */
export function tilesOf(config: ModelConfig, { data }: HostTensor): PlainTensor {
  const { shape, source } = config.data;
  if (!areImages(config))
    throw usage('Samples of this shape cannot be shown as pictures', { where: source, got: `[${shape}]` });
  const [channels, height, width] = shape.length === 2 ? [1, ...shape] : shape;
  const size = height! * width!;
  const count = data.length / (size * channels!);
  const [black, white] = rangeOf(config, data);
  const out = new Float32Array(data.length);
  for (let n = 0; n < count; n++)
    for (let c = 0; c < channels!; c++)
      for (let i = 0; i < size; i++) {
        out[(n * size + i) * channels! + c] =
          (data[(n * channels! + c) * size + i]! - black) / (white - black);
      }
  return { data: out, shape: [count, height!, width!, channels!] };
}

/** The values of black and white that scaling mapped to −1 (or 0) and 1; undefined where it did not. */
export function levelsOf({ transform }: ModelConfig): [number, number] | undefined {
  if ('cells' in transform) return undefined;
  const { shift, scale } = transform;
  const [a, b] = [shift[0]!, scale[0]!];
  const even = shift.every(each => each === a) && scale.every(each => each === b);
  return even && (a === 0 || a === b) ? [0, a + b] : undefined;
}

/** The values of black and white of the scaling, else the range of these samples. */
function rangeOf(config: ModelConfig, data: HostTensor['data']): [number, number] {
  const levels = levelsOf(config);
  if (levels) return levels;
  let [low, high] = [Infinity, -Infinity];
  for (const value of data) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return [low, high > low ? high : low + 1];
}
