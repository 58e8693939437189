import type { Shape } from '../../tensor/index.ts';
import type { Prediction, ScoreNet } from '../contract.ts';
import { energy } from './energy.ts';
import { mlp } from './mlp.ts';
import { ncsnv2 } from './ncsnv2.ts';
import { ddpm, ddpmpp, ncsnpp, unet } from './unet.ts';

/** One row of the table of networks. */
interface Row {
  /** Its factory: `(shape of a sample, options?)`. */
  readonly make: (shape: Shape, options?: never) => ScoreNet;
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
} as const satisfies Omit<Row, 'make'>;

/**
 * One row for each network: its factory, `(shape of a sample, options) => ScoreNet`, and what it declares.
 */
export const nets = Object.freeze({
  mlp: {
    make: mlp,
    takes: 'any shape',
    predicts: 'velocity',
    zeroAtStart: true,
    noiseLevel: true,
    labels: true,
    dropout: true,
  },
  energy: {
    make: energy,
    takes: 'any shape',
    predicts: 'velocity',
    zeroAtStart: true,
    noiseLevel: true,
    labels: true,
    dropout: false,
  },
  unet: { make: unet, ...unets },
  ddpm: { make: ddpm, ...unets },
  ddpmpp: { make: ddpmpp, ...unets },
  ncsnpp: { make: ncsnpp, ...unets },
  ncsnv2: {
    make: ncsnv2,
    takes: 'images',
    predicts: 'noise',
    zeroAtStart: false,
    noiseLevel: false,
    labels: false,
    dropout: false,
  },
} as const satisfies Readonly<Record<string, Row>>);
