import { usage } from '../../../errors.ts';

/** The description of a network of the published U-Net family (DDPM, DDPM++, NCSN++), without its weights. */
export interface UnetConfig {
  /** Channels and side of an image. */
  readonly channels: number;
  readonly side: number;
  /** Channels of the first level. */
  readonly width: number;
  /** Channels of each level in multiples of `width`; each level but the last halves the sides. */
  readonly multipliers: readonly number[];
  /** Residual blocks a level on the way down; one more on the way up. */
  readonly blocks: number;
  /** Sides at which self-attention follows the blocks. */
  readonly attention: readonly number[];
  /** On the way up, attention follows the `last` block of a level (default), or `each`. */
  readonly attentionUp?: 'last' | 'each';
  /** `ddpm`: resampling between blocks (Ho et al. 2020); `biggan`: inside blocks (Brock et al. 2018). */
  readonly residual: 'ddpm' | 'biggan';
  /** Taps of the anti-aliasing filter at each change of resolution; none: nearest pixel up, mean down. */
  readonly fir?: readonly number[];
  /** Whether resampling between blocks carries a convolution. */
  readonly resampleConv: boolean;
  /** How smaller copies of the input join each level. */
  readonly inputPyramid: 'none' | 'skip' | 'residual';
  /** How each level adds to the output. */
  readonly outputPyramid: 'none' | 'skip' | 'residual';
  /** How an input pyramid joins its level: added, or as more channels. */
  readonly combine: 'sum' | 'cat';
  /**
   * The time input: `positional` waves of a label, `fourier` features of log σ, `waves` of log(std/scale).
   */
  readonly embedding: 'positional' | 'fourier' | 'waves';
  readonly fourierScale: number;
  /** Whether the noise level is an input at all. */
  readonly conditional: boolean;
  /** Divide sums of branches by √2. */
  readonly rescaleSkips: boolean;
  /** Initial scale of the last filters of each branch; 0 means 1e-10, as published. */
  readonly initScale: number;
  /** Channels of a group: a number of groups, or at most 32 groups of at least four channels. */
  readonly groups: number | 'fours';
  /** The nonlinearity. */
  readonly activation: Activation;
  /** Number of classes of a class-conditional network; default: no classes. */
  readonly classes?: number;
  /** Share of features dropped in training. */
  readonly dropout: number;
  /** Data in [−1, 1]; otherwise in [0, 1], and the network maps it to [−1, 1]. */
  readonly centred: boolean;
  /**
   * The number of outputs of each image, where the network is a classifier: the way down alone, with the mean
   * of its features over the pixels.
   */
  readonly outputs?: number;
  /** Divide the output by σ. */
  readonly divideBySigma: boolean;
}

/** The nonlinearities: x·sigmoid(x), ELU, ReLU and leaky ReLU of slope 0.2. */
export type Activation = 'swish' | 'elu' | 'relu' | 'lrelu';

export const groupsOf = ({ groups }: UnetConfig, channels: number): number =>
  groups === 'fours' ? Math.min(Math.floor(channels / 4), 32) : groups;

/** Rejects invalid descriptions. */
export function checkUnet(config: UnetConfig): UnetConfig {
  const { side, multipliers, width, fir } = config;
  const halvings = multipliers.length - 1;
  const whole = (n: number) => Number.isInteger(n) && n > 0;
  const refuse = (what: string, got: string, expected: string): never => {
    throw usage(what, { where: 'U-Net', got, expected });
  };
  if (!multipliers.every(whole) || halvings < 0 || !whole(width)) {
    refuse(
      'Channels have to be whole numbers above 0',
      `${width} times ${multipliers}`,
      'for example 32 times 1,2,2',
    );
  }
  if (!whole(side) || side % 2 ** halvings !== 0) {
    refuse(`The side has to be halved ${halvings} times`, `${side}`, `a multiple of ${2 ** halvings}`);
  }
  for (const channels of [width, ...multipliers.map(m => m * width)]) {
    const groups = groupsOf(config, channels);
    if (groups < 1 || channels % groups !== 0) {
      refuse(
        'The groups of a normalisation have to divide its channels',
        `${groups} groups, ${channels} channels`,
        'a width of 8, 16, 32 or a multiple of 32',
      );
    }
  }
  if (fir && fir.reduce((a, b) => a + b, 0) === 0) refuse('Filter taps sum to 0', `${fir}`, '1,3,3,1');
  return Object.freeze(config);
}
