import type { Params, PlainParams, Tensor } from '../../tensor/index.ts';
import { ncsnv2Of } from './ncsnv2/network.ts';
import { isPublishedNcsnv2, ncsnv2FromPublished, type PublishedNcsnv2 } from './ncsnv2/published.ts';
import type { Weights } from './unet/layer.ts';
import { type ApplyOptions, unetOf } from './unet/network.ts';
import { fromPublished, type PublishedUnet } from './unet/published.ts';

/** A network under the names of the published code: of the U-Net family, or NCSNv2. */
export type PublishedConfig = PublishedUnet | PublishedNcsnv2;

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
export const publishedNet = (config: PublishedConfig): PublishedNet =>
  isPublishedNcsnv2(config) ? ncsnv2Of(ncsnv2FromPublished(config)) : unetOf(fromPublished(config));
