import {
  type Params,
  type PlainTensor,
  reshape,
  type Shape,
  type Tensor,
  transpose,
} from '../../../tensor/index.ts';
import { drawWeights, type Weights } from '../unet/layer.ts';
import { type ApplyOptions, unetOf } from '../unet/network.ts';
import { filedNames } from './names.ts';
import { type PublishedUnet2d, unet2dFromPublished } from './published-config.ts';

/** A `UNet2DModel` of diffusers without weights, under the names and shapes of its file. */
export function unet2dOf(given: PublishedUnet2d) {
  const unet = unetOf(unet2dFromPublished(given));
  const filed = filedNames(unet.config, unet.weights, given.attention_names);
  const entries = Object.entries(unet.weights).map(([name, weight]) => {
    const { name: fileName, shape } = filed.get(name)!;
    return [fileName, { ...weight, shape }] as const;
  });
  const weights: Weights = Object.fromEntries(entries);
  const ours = (params: Params): Params =>
    Object.fromEntries(
      Object.entries(unet.weights).map(([name, { shape }]) => [
        name,
        asOurs(name, params[filed.get(name)!.name]!, shape),
      ]),
    );
  return Object.freeze({
    config: unet.config,
    weights,
    init: (seed: number): Record<string, PlainTensor> => drawWeights(weights, seed),
    apply: (params: Params, x: Tensor, level: Tensor, options: ApplyOptions = {}): Tensor =>
      unet.apply(ours(params), x, level, options),
  });
}

/** Maps of pixels are [to, from] or [to, from, 1, 1] in the file and [from, to] here. */
function asOurs(name: string, weight: Tensor, shape: Shape): Tensor {
  return name.endsWith('.W') ? transpose(reshape(weight, shape.toReversed()), [1, 0]) : weight;
}
