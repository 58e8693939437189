import type { Params, PlainParams, Tensor } from '../../tensor/index.ts';
import { unet2dOf } from './diffusers/network.ts';
import { isPublishedUnet2d, type PublishedUnet2d } from './diffusers/published-config.ts';
import { ncsnv2Of } from './ncsnv2/network.ts';
import { isPublishedNcsnv2, ncsnv2FromPublished, type PublishedNcsnv2 } from './ncsnv2/published-config.ts';
import type { Weights } from './unet/layer.ts';
import { type ApplyOptions, unetOf } from './unet/network.ts';
import { fromPublished, type PublishedUnet } from './unet/published-config.ts';

/**
 * A network description under the names of the published code: the U-Net family, NCSNv2, or a `UNet2DModel`
 * of diffusers.
 */
export type PublishedConfig = PublishedUnet | PublishedNcsnv2 | PublishedUnet2d;

/** A published network of any family, without weights. */
export interface PublishedNet {
  readonly config: { readonly channels: number; readonly side: number; readonly divideBySigma: boolean };
  /** All weights under their published names, in the published order. */
  readonly weights: Weights;
  init(seed: number): PlainParams;
  /**
   * x: [B, C, H, W], level: [B] or [1], the time input → [B, C, H, W]. The result is divided by `sigma` if
   * the network does so.
   */
  apply(params: Params, x: Tensor, level: Tensor, options?: ApplyOptions): Tensor;
}

/** @throws usage for invalid descriptions */
export function publishedNet(config: PublishedConfig): PublishedNet {
  if (isPublishedUnet2d(config)) return unet2dOf(config);
  if (isPublishedNcsnv2(config)) return ncsnv2Of(ncsnv2FromPublished(config));
  return unetOf(fromPublished(config as PublishedUnet));
}

/** Whether its training data were in [−1, 1]; otherwise in [0, 1]. */
export const isCentred = (config: PublishedConfig): boolean =>
  isPublishedUnet2d(config) ? !config.center_input_sample : (config as PublishedUnet).centered;

/**
 * The configuration with the weight names of a file, where the published code has more than one set of names.
 */
export const namedAsIn = (config: PublishedConfig, names: readonly string[]): PublishedConfig =>
  isPublishedUnet2d(config) && names.some(name => name.endsWith('.query.weight'))
    ? { ...config, attention_names: 'query' }
    : config;
