import { usage } from '../../errors.ts';
import { mul, type Params, reshape, type Shape, type Tensor } from '../../tensor/index.ts';
import type { Prediction, ScoreNet } from '../contract.ts';
import { requireClasses } from '../labels.ts';
import { asImages, checkOptions, type Image, imageOf } from './image.ts';
import type { UnetConfig } from './unet/config.ts';
import { unetOf } from './unet/network.ts';

/** The options of a U-Net that users can set. */
type Layout = Pick<
  UnetConfig,
  | 'width'
  | 'multipliers'
  | 'blocks'
  | 'attention'
  | 'residual'
  | 'fir'
  | 'resampleConv'
  | 'inputPyramid'
  | 'outputPyramid'
  | 'combine'
  | 'rescaleSkips'
  | 'groups'
  | 'activation'
>;

/** Options of the image networks; defaults are those of each network. */
export interface UnetOptions extends Partial<Layout> {
  /** Default `velocity`. */
  readonly predicts?: Prediction;
  /**
   * Share of features that training drops in every residual block; default 0. The papers' runs on CIFAR-10
   * use 0.1.
   */
  readonly dropout?: number;
  /** Number of classes of a class-conditional network; default: no classes. */
  readonly classes?: number;
}

const PLUS_PLUS: Layout = {
  width: 128,
  multipliers: [1, 2, 2, 2],
  blocks: 4,
  attention: [16],
  residual: 'biggan',
  resampleConv: true,
  inputPyramid: 'none',
  outputPyramid: 'none',
  combine: 'sum',
  rescaleSkips: true,
  groups: 'fours',
  activation: 'swish',
};
const OPTIONS = [...Object.keys(PLUS_PLUS), 'fir', 'classes', 'dropout'];

/** The largest sides at which attention among all pixels is affordable; never those of the first level. */
function attentive([, height, width]: Image, levels: number): number[] {
  const level = Math.min(levels - 1, Math.max(1, Math.ceil(Math.log2(Math.max(height, width) / 16))));
  return [width / 2 ** level];
}

/**
 * A U-Net under the contract of all networks: its inputs are x_t at unit scale and sinusoids of
 * log(std/scale), and it starts from F = 0. The same layers serve the published weights under the published
 * conventions, see `publishedModel`.
 */
const imageNet =
  (name: string, defaults: (image: Image) => Layout) =>
  (shape: Shape, { predicts = 'velocity', ...options }: UnetOptions = {}, outputs?: number): ScoreNet => {
    checkOptions(name, options, OPTIONS);
    const { classes, dropout = 0 } = options;
    if (!(dropout >= 0 && dropout < 1))
      throw usage('The dropout is out of range', { where: name, got: dropout, expected: '0 <= dropout < 1' });
    if (classes !== undefined) requireClasses(classes, name);
    const image = imageOf(name, shape);
    const [channels, height, width] = image;
    const net = unetOf({
      ...defaults(image),
      ...options,
      channels,
      side: width,
      embedding: 'waves',
      fourierScale: 16,
      conditional: true,
      initScale: 0,
      dropout,
      centred: true,
      divideBySigma: false,
      ...(outputs !== undefined && { outputs }),
    });
    const halvings = 2 ** (net.config.multipliers.length - 1);
    if (height % halvings !== 0) {
      throw usage(`The network "${name}" halves its images ${net.config.multipliers.length - 1} times`, {
        got: `a height of ${height}`,
        expected: `a multiple of ${halvings}`,
        remedy: 'Give fewer multipliers',
      });
    }
    return Object.freeze({
      name,
      predicts,
      ...(classes !== undefined && { classes }),
      ...(dropout > 0 && {
        drops: {
          share: dropout,
          shapes: net.drops.map(form => [form.channels, (form.side * height) / width, form.side]),
        },
      }),
      init: net.init,
      apply(
        params: Params,
        x: Tensor,
        condition: Tensor,
        label?: Tensor,
        masks: readonly Tensor[] = [],
      ): Tensor {
        const left = [...masks];
        const drop = (h: Tensor) => mul(h, left.shift()!);
        const options = { ...(label && { label }), ...(masks.length > 0 && { drop }) };
        if (outputs !== undefined)
          return net.apply(params, reshape(x, [x.shape[0]!, ...image]), condition, options);
        return asImages(image, x, images => net.apply(params, images, condition, options));
      },
    });
  };

/**
 * A small U-Net for images of 8×8 to 64×64 on a CPU: 32 channels times 1, 2, 2, one block a level, attention
 * at sides of 16 or less. 1.3M weights.
 */
export const unet = imageNet('unet', image => ({
  ...PLUS_PLUS,
  width: 32,
  multipliers: [1, 2, 2],
  blocks: 1,
  attention: attentive(image, 3),
}));

/**
 * The network of Ho et al. 2020 for 32×32: 128 channels times 1, 2, 2, 2, two blocks a level, attention at
 * 16.
 */
export const ddpm = imageNet('ddpm', () => ({
  ...PLUS_PLUS,
  blocks: 2,
  residual: 'ddpm',
  rescaleSkips: false,
  groups: 32,
}));

/** DDPM++ (Song et al. 2021): four BigGAN blocks a level, sums over √2. */
export const ddpmpp = imageNet('ddpmpp', () => PLUS_PLUS);

/** NCSN++ (Song et al. 2021): DDPM++ with filters at each change of resolution and a pyramid of the input. */
export const ncsnpp = imageNet('ncsnpp', () => ({
  ...PLUS_PLUS,
  fir: [1, 3, 3, 1],
  inputPyramid: 'residual',
}));
