import { usage } from '../../../errors.ts';
import type { UnetConfig } from '../unet/config.ts';

/** A `UNet2DModel` of diffusers under the names of its `config.json`, with the supported values. */
export interface PublishedUnet2d {
  /** The class name in the file. */
  readonly name: 'UNet2DModel';
  /** Pixels along a side. */
  readonly sample_size: number;
  /** Channels of an image. */
  readonly in_channels: number;
  /** Channels of the output: the same number. */
  readonly out_channels: number;
  /** Whether the network maps [0, 1] to [−1, 1] itself. Default false. */
  readonly center_input_sample?: boolean;
  /** The block type of each level on the way down. */
  readonly down_block_types: readonly string[];
  /** The block type of each level on the way up. */
  readonly up_block_types: readonly string[];
  /** Channels of each level. */
  readonly block_out_channels: readonly number[];
  /** Residual blocks of a level. */
  readonly layers_per_block: number;
  /** Groups of a normalisation. Default 32. */
  readonly norm_num_groups?: number;
  /** Share of features that training drops. Default 0. */
  readonly dropout?: number;
  /**
   * `query`: weights of attention are called query, key, value and proj_attn, as in files of 2022; default
   * `to_q`.
   */
  readonly attention_names?: 'query' | 'to_q';
  /** Other options of the file, which must have the values of DDPM. */
  readonly [option: string]: unknown;
}

export const isPublishedUnet2d = (config: { readonly name: string }): config is PublishedUnet2d =>
  config.name === 'UNet2DModel';

/**
 * The supported values of an option. `undefined` marks an option that may be absent; it then has the first
 * value.
 */
const REQUIRED: Readonly<Record<string, readonly unknown[]>> = {
  act_fn: ['silu', 'swish', undefined],
  add_attention: [true, undefined],
  attention_head_dim: [null],
  attn_norm_num_groups: [null, undefined],
  class_embed_type: [null, undefined],
  downsample_padding: [0],
  downsample_type: ['conv', undefined],
  flip_sin_to_cos: [false],
  freq_shift: [1],
  mid_block_scale_factor: [1, undefined],
  mid_block_type: ['UNetMidBlock2D', undefined],
  norm_eps: [1e-6],
  num_class_embeds: [null, undefined],
  resnet_time_scale_shift: ['default', undefined],
  time_embedding_dim: [null, undefined],
  time_embedding_type: ['positional', undefined],
  upsample_type: ['conv', undefined],
};

const refuse = (option: string, got: unknown, expected: string): never => {
  throw usage(`The network cannot be computed here: ${option}`, {
    where: 'UNet2DModel',
    got: got === undefined ? 'the default of diffusers' : JSON.stringify(got),
    expected,
  });
};

/**
 * A `UNet2DModel` as our U-Net: the network of Ho et al. 2020, which has attention after each block on the
 * way up.
 * @throws usage for the first option with an unsupported value, by its name
 */
export function unet2dFromPublished(given: PublishedUnet2d): UnetConfig {
  for (const [option, values] of Object.entries(REQUIRED)) {
    if (!values.includes(given[option])) refuse(option, given[option], JSON.stringify(values[0]));
  }
  const { block_out_channels: channels, in_channels, out_channels, sample_size: side } = given;
  const [width] = channels as [number];
  if (in_channels !== out_channels) refuse('out_channels', out_channels, `${in_channels}, as in_channels`);
  if (channels.some(count => count % width !== 0))
    refuse('block_out_channels', channels, `multiples of the first, ${width}`);
  return {
    channels: in_channels,
    side,
    width,
    multipliers: channels.map(count => count / width),
    blocks: given.layers_per_block,
    attention: attentiveLevels(given).map(level => side / 2 ** level),
    attentionUp: 'each',
    residual: 'ddpm',
    resampleConv: true,
    inputPyramid: 'none',
    outputPyramid: 'none',
    combine: 'sum',
    embedding: 'positional',
    fourierScale: 16,
    conditional: true,
    rescaleSkips: false,
    initScale: 0,
    groups: given.norm_num_groups ?? 32,
    activation: 'swish',
    dropout: given.dropout ?? 0,
    centred: !given.center_input_sample,
    divideBySigma: false,
  };
}

/** The levels with attention, which must be the same on the way down and up. */
function attentiveLevels({
  down_block_types: down,
  up_block_types: up,
  ...given
}: PublishedUnet2d): number[] {
  const supported = ['DownBlock2D', 'AttnDownBlock2D', 'UpBlock2D', 'AttnUpBlock2D'];
  const stranger = [...down, ...up].find(type => !supported.includes(type));
  if (stranger !== undefined) refuse('a block type', stranger, supported.join(', '));
  const mirrored = down.map(type => type.replace('Down', 'Up')).reverse();
  if (mirrored.join() !== up.join()) refuse('up_block_types', up, `${mirrored}, as on the way down`);
  if (down.length !== given.block_out_channels.length)
    refuse('down_block_types', down, `${given.block_out_channels.length} of them, as block_out_channels`);
  return down.flatMap((type, level) => (type.startsWith('Attn') ? [level] : []));
}
