import { usage } from '../../errors.ts';
import type { Params, Shape, Tensor } from '../../tensor/index.ts';
import type { Prediction, ScoreNet } from '../contract.ts';
import { asImages, checkOptions, imageOf } from './image.ts';
import { ncsnOf } from './ncsn/network.ts';
import { levelShares, onForms, onTensors } from './ncsn/operations.ts';
import { drawWeights, type Weight } from './unet/layer.ts';

/** Options of `ncsn`. */
export interface NcsnOptions {
  /** Channels of the first stage; default 128. */
  readonly width?: number;
  /** L, the noise levels that have a normalisation of their own, 2 or more; default 10. */
  readonly levels?: number;
  /** σ/α of the highest level, in model units; default 1. */
  readonly highest?: number;
  /** σ/α of the lowest level, in model units, below `highest`; default 0.01. */
  readonly lowest?: number;
  /** Default `score`. */
  readonly predicts?: Prediction;
}

/**
 * NCSN (Song & Ermon 2019): a dilated RefineNet with conditional InstanceNorm++. Each of L noise levels, in
 * geometric progression, has its own normalisation. Between two levels it is linear in log(σ/α), and beyond
 * them that of the outermost. Height and width must be even.
 * @throws usage for samples that are not images, for odd sides, and for impossible or unknown options
 */
export function ncsn(shape: Shape, options: NcsnOptions = {}): ScoreNet {
  checkOptions('ncsn', options, ['width', 'levels', 'highest', 'lowest', 'predicts']);
  const { width = 128, levels = 10, highest = 1, lowest = 0.01, predicts = 'score' } = options;
  const image = imageOf('ncsn', shape);
  const [channels, height, side] = image;
  for (const [where, got, fits, expected] of [
    ['sides', `${height}×${side}`, height % 2 === 0 && side % 2 === 0, 'even sides: they are halved once'],
    ['width', width, Number.isInteger(width) && width > 1, 'a whole number from 2'],
    ['levels', levels, Number.isInteger(levels) && levels > 1, 'a whole number from 2'],
    ['lowest', lowest, lowest > 0 && lowest < highest, `above 0 and below highest, ${highest}`],
  ] as const)
    if (!fits) throw usage('The network "ncsn" cannot be made so', { where, got, expected });
  const weights: Record<string, Weight> = {};
  ncsnOf(onForms(levels, weights), { channels, side }, channels, width);
  const step = Math.log(lowest / highest) / (levels - 1);
  return Object.freeze({
    name: 'ncsn',
    predicts,
    init: (seed: number) => drawWeights(weights, seed),
    apply(params: Params, x: Tensor, condition: Tensor): Tensor {
      const shares = levelShares(condition, levels, Math.log(highest), step);
      return asImages(image, x, images => ncsnOf(onTensors(params, shares), images, channels, width));
    },
  });
}
