import type { Params, PlainParams, Tensor } from '../../tensor/index.ts';
import { unet2dOf } from './diffusers/network.ts';
import { isPublishedUnet2d, type PublishedUnet2d } from './diffusers/published-config.ts';
import { ncsnv2Of } from './ncsnv2/network.ts';
import { isPublishedNcsnv2, ncsnv2FromPublished, type PublishedNcsnv2 } from './ncsnv2/published-config.ts';
import type { Weights } from './unet/layer.ts';
import { type ApplyOptions, unetOf } from './unet/network.ts';
import { fromPublished, type PublishedUnet } from './unet/published-config.ts';

/** A network under the names of the published code: of the U-Net family, NCSNv2, or a `UNet2DModel` of diffusers. */
export type PublishedConfig = PublishedUnet | PublishedNcsnv2 | PublishedUnet2d;

/** A published network without weights, of whatever family. */
export interface PublishedNet {
  readonly config: { readonly channels: number; readonly side: number; readonly divideBySigma: boolean };
  /** All weights under their published names, in the published order. */
  readonly weights: Weights;
  init(seed: number): PlainParams;
  /** x: [B, C, H, W], level: [B] or [1], what the network is told → [B, C, H, W]; divided by `sigma` where the network is. */
  apply(params: Params, x: Tensor, level: Tensor, options?: ApplyOptions): Tensor;
}

/** @throws usage for descriptions no weights could fit */
export function publishedNet(config: PublishedConfig): PublishedNet {
  if (isPublishedUnet2d(config)) return unet2dOf(config);
  if (isPublishedNcsnv2(config)) return ncsnv2Of(ncsnv2FromPublished(config));
  return unetOf(fromPublished(config as PublishedUnet));
}

/** Whether its data were in [−1, 1] when it was trained, or in [0, 1]. */
export const isCentred = (config: PublishedConfig): boolean =>
  isPublishedUnet2d(config) ? !config.center_input_sample : (config as PublishedUnet).centered;

/** The configuration with the names that a file of its weights uses, where the published code had more than one. */
export const namedAsIn = (config: PublishedConfig, names: readonly string[]): PublishedConfig =>
  isPublishedUnet2d(config) && names.some(name => name.endsWith('.query.weight'))
    ? { ...config, attention_names: 'query' }
    : config;
