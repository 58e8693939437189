import { usage } from '../../errors.ts';
import type { Params, Shape, Tensor } from '../../tensor/index.ts';
import type { Prediction, ScoreNet } from '../contract.ts';
import { asImages, checkOptions, imageOf } from './image.ts';
import { halvings, type Ncsnv2Config, type Ncsnv2Size, ncsnv2Of } from './ncsnv2/network.ts';

/** Options of `ncsnv2`. */
export interface Ncsnv2Options extends Partial<Pick<Ncsnv2Config, 'width' | 'activation'>> {
  /**
   * Number of stages: `64` has four, `128` five, `256` six. Default: that of the published networks for
   * images of this side.
   */
  readonly size?: Ncsnv2Size;
  /** Default `noise`. */
  readonly predicts?: Prediction;
}

const sizeFor = (side: number): Ncsnv2Size => (side < 96 ? '64' : side <= 128 ? '128' : '256');

/**
 * NCSNv2 (Song & Ermon 2020): a RefineNet with InstanceNorm++, 128 channels at first. The noise level is not
 * an input: the network sees it only in the image, s(x, σ) = F(x)/σ. So by default it predicts the noise.
 * Height and width must be multiples of 2, 4 or 8 for the sizes `64`, `128` and `256`.
 * @throws usage for samples that are not images, for sides that cannot be halved, and for unknown options
 */
export function ncsnv2(shape: Shape, { predicts = 'noise', ...options }: Ncsnv2Options = {}): ScoreNet {
  checkOptions('ncsnv2', options, ['width', 'activation', 'size']);
  const image = imageOf('ncsnv2', shape);
  const [channels, height, width] = image;
  const { width: filters = 128, activation = 'elu' } = options;
  // The command line passes a number.
  const size = String(options.size ?? sizeFor(Math.max(height, width))) as Ncsnv2Size;
  const settings = { channels, width: filters, size, activation, centred: true, divideBySigma: false };
  const net = ncsnv2Of({ ...settings, side: width });
  if (height % 2 ** halvings(size) !== 0) {
    throw usage(`The network "ncsnv2" of size ${size} halves its images ${halvings(size)} times`, {
      got: `a height of ${height}`,
      expected: `a multiple of ${2 ** halvings(size)}`,
    });
  }
  return Object.freeze({
    name: 'ncsnv2',
    predicts,
    init: net.init,
    apply: (params: Params, x: Tensor, condition: Tensor): Tensor =>
      asImages(image, x, images => net.apply(params, images, condition)),
  });
}
