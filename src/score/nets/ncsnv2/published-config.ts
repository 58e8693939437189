import { ACTIVATIONS, oneOf } from '../unet/published-config.ts';
import type { Ncsnv2Config, Ncsnv2Size } from './network.ts';

const SIZES: Readonly<Record<string, Ncsnv2Size>> = {
  ncsnv2_64: '64',
  ncsnv2_128: '128',
  ncsnv2_256: '256',
};

/** The configuration of NCSNv2 under the names of the published code. */
export interface PublishedNcsnv2 {
  /** The number in it determines the number of stages: four, five or six. */
  readonly name: 'ncsnv2_64' | 'ncsnv2_128' | 'ncsnv2_256';
  /** Pixels along a side. */
  readonly image_size: number;
  /** Channels of an image. Default 3. */
  readonly num_channels?: number;
  /** Whether the data were in [−1, 1]; otherwise in [0, 1]. */
  readonly centered: boolean;
  /** Channels of the first stage. */
  readonly nf: number;
  /** `swish`, `elu` (default), `relu` or `lrelu`. */
  readonly nonlinearity?: string;
}

export const isPublishedNcsnv2 = (config: { readonly name: string }): config is PublishedNcsnv2 =>
  Object.hasOwn(SIZES, config.name);

/** Converts the published description of a network to ours. Its output is always divided by σ. */
export const ncsnv2FromPublished = (given: PublishedNcsnv2): Ncsnv2Config => ({
  channels: given.num_channels ?? 3,
  side: given.image_size,
  width: given.nf,
  size: SIZES[given.name]!,
  activation: oneOf('nonlinearity', given.nonlinearity ?? 'elu', ACTIVATIONS),
  centred: given.centered,
  divideBySigma: true,
});
