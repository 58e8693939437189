import { usage } from '../../../errors.ts';
import type { Activation, UnetConfig } from './config.ts';

/** A configuration under the names of the published code, limited to the network. */
export interface PublishedUnet {
  /** `ddpm`, or `ncsnpp` for DDPM++ and NCSN++. */
  readonly name: string;
  /** Pixels along a side. */
  readonly image_size: number;
  /** Channels of an image. */
  readonly num_channels?: number;
  /** Whether the data were in [−1, 1]; otherwise in [0, 1]. */
  readonly centered: boolean;
  /** Channels of the first level. */
  readonly nf: number;
  /** Channels of each level in multiples of `nf`. */
  readonly ch_mult: readonly number[];
  /** Residual blocks of a level. */
  readonly num_res_blocks: number;
  /** Sides at which self-attention follows the blocks. */
  readonly attn_resolutions: readonly number[];
  /** Whether resampling carries a convolution. */
  readonly resamp_with_conv?: boolean;
  /** Whether the noise level is an input. */
  readonly conditional?: boolean;
  /** Share of features that training drops. */
  readonly dropout?: number;
  /** `swish`, `elu`, `relu` or `lrelu`. */
  readonly nonlinearity?: string;
  /** Whether the output is divided by σ. */
  readonly scale_by_sigma?: boolean;
  /** `ddpm` or `biggan`. */
  readonly resblock_type?: string;
  /** Whether resampling is filtered against aliasing. */
  readonly fir?: boolean;
  /** Taps of that filter. */
  readonly fir_kernel?: readonly number[];
  /** How each level adds to the output. */
  readonly progressive?: string;
  /** How smaller copies of the input join each level. */
  readonly progressive_input?: string;
  /** `sum` or `cat`: how they join. */
  readonly progressive_combine?: string;
  /** `positional` or `fourier`: the embedding of the noise level. */
  readonly embedding_type?: string;
  /** Standard deviation of the Fourier frequencies. */
  readonly fourier_scale?: number;
  /** Whether sums of branches are divided by √2. */
  readonly skip_rescale?: boolean;
  /** Scale of the last filters of each branch at the start. */
  readonly init_scale?: number;
}

export function oneOf<T extends string>(option: string, got: string, values: Readonly<Record<string, T>>): T {
  const value = values[got.toLowerCase()];
  if (value) return value;
  throw usage(`Unknown ${option} "${got}" of the network`, { expected: Object.keys(values).join(', ') });
}

export const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  swish: 'swish',
  elu: 'elu',
  relu: 'relu',
  lrelu: 'lrelu',
};

/**
 * Converts the published description of a network to ours. For `ddpm`, options that its class does not read
 * are dropped.
 */
export function fromPublished(given: PublishedUnet): UnetConfig {
  const shared = {
    channels: given.num_channels ?? 3,
    side: given.image_size,
    width: given.nf,
    multipliers: given.ch_mult,
    blocks: given.num_res_blocks,
    attention: given.attn_resolutions,
    resampleConv: given.resamp_with_conv ?? true,
    conditional: given.conditional ?? true,
    activation: oneOf('nonlinearity', given.nonlinearity ?? 'swish', ACTIVATIONS),
    dropout: given.dropout ?? 0,
    centred: given.centered,
    divideBySigma: given.scale_by_sigma ?? false,
  };
  const kind = oneOf('name', given.name, { ddpm: 'ddpm', ncsnpp: 'ncsnpp', ddpmpp: 'ncsnpp' });
  return kind === 'ddpm' ? { ...shared, ...DDPM } : { ...shared, ...plusPlus(given) };
}

const DDPM = {
  residual: 'ddpm',
  inputPyramid: 'none',
  outputPyramid: 'none',
  combine: 'sum',
  embedding: 'positional',
  fourierScale: 16,
  rescaleSkips: false,
  initScale: 0,
  groups: 32,
} as const;

function plusPlus(given: PublishedUnet) {
  const pyramid = (skip: string) => ({ none: 'none', [skip]: 'skip', residual: 'residual' }) as const;
  const { fir = false, fir_kernel = [1, 3, 3, 1] } = given;
  return {
    ...(fir && { fir: fir_kernel }),
    residual: oneOf('resblock_type', given.resblock_type ?? 'biggan', { ddpm: 'ddpm', biggan: 'biggan' }),
    inputPyramid: oneOf('progressive_input', given.progressive_input ?? 'none', pyramid('input_skip')),
    outputPyramid: oneOf('progressive', given.progressive ?? 'none', pyramid('output_skip')),
    combine: oneOf('progressive_combine', given.progressive_combine ?? 'sum', { sum: 'sum', cat: 'cat' }),
    embedding: oneOf('embedding_type', given.embedding_type ?? 'fourier', {
      positional: 'positional',
      fourier: 'fourier',
    }),
    fourierScale: given.fourier_scale ?? 16,
    rescaleSkips: given.skip_rescale ?? true,
    initScale: given.init_scale ?? 0,
    groups: 'fours',
  } as const;
}
