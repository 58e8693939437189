import { withTraits } from '../../sde/traits.ts';
import type { Shape } from '../../tensor/index.ts';
import type { Prediction, ScoreNet } from '../contract.ts';
import { energy } from './energy.ts';
import { mlp } from './mlp.ts';
import { ncsn } from './ncsn.ts';
import { ncsnv2 } from './ncsnv2.ts';
import { ddpm, ddpmpp, ncsnpp, unet } from './unet.ts';

/** One row of the table of networks. */
interface Row {
  /** Makes the network, from the shape of a sample. */
  (shape: Shape, options?: never): ScoreNet;
  /** The samples it supports, in words. */
  readonly takes: string;
  /** The default prediction. */
  readonly predicts: Prediction;
  /** Whether fresh weights give F = 0. */
  readonly zeroAtStart: boolean;
  /** Whether the noise level is one of its inputs. */
  readonly noiseLevel: boolean;
  /** Whether it has the option `classes`. */
  readonly labels: boolean;
  /** Whether it has the option `dropout`. */
  readonly dropout: boolean;
}

/** Properties common to the U-Nets. */
const unets = {
  takes: 'images',
  predicts: 'velocity',
  zeroAtStart: true,
  noiseLevel: true,
  labels: true,
  dropout: true,
} as const satisfies { readonly [K in keyof Row]: Row[K] };

/**
 * One row for each network: its factory, `(shape of a sample, options) => ScoreNet`, which carries what it
 * declares.
 */
export const nets = Object.freeze({
  mlp: withTraits(mlp, {
    takes: 'any shape',
    predicts: 'velocity',
    zeroAtStart: true,
    noiseLevel: true,
    labels: true,
    dropout: true,
  }),
  energy: withTraits(energy, {
    takes: 'any shape',
    predicts: 'velocity',
    zeroAtStart: true,
    noiseLevel: true,
    labels: true,
    dropout: false,
  }),
  unet: withTraits(unet, unets),
  ddpm: withTraits(ddpm, unets),
  ddpmpp: withTraits(ddpmpp, unets),
  ncsnpp: withTraits(ncsnpp, unets),
  ncsn: withTraits(ncsn, {
    takes: 'images',
    predicts: 'score',
    zeroAtStart: false,
    noiseLevel: true,
    labels: false,
    dropout: false,
  }),
  ncsnv2: withTraits(ncsnv2, {
    takes: 'images',
    predicts: 'noise',
    zeroAtStart: false,
    noiseLevel: false,
    labels: false,
    dropout: false,
  }),
} as const satisfies Readonly<Record<string, Row>>);
