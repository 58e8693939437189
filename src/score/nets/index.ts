import { mlp } from './mlp.ts';
import { ncsnv2 } from './ncsnv2.ts';
import { ddpm, ddpmpp, ncsnpp, unet } from './unet.ts';

/** What the U-Nets have in common. */
const unets = {
  takes: 'images',
  predicts: 'velocity',
  zeroAtStart: true,
  noiseLevel: true,
  labels: true,
  dropout: true,
} as const;

/**
 * One row for each network: its factory, `(shape of a sample, options) => ScoreNet`, and what it declares. `takes`: the samples it is for;
 * `predicts`: what it predicts unless asked otherwise; `zeroAtStart`: fresh weights give F = 0; `noiseLevel`: it is told the noise level;
 * `labels`, `dropout`: it has the options `classes` and `dropout`.
 */
export const nets = Object.freeze({
  mlp: {
    make: mlp,
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
} as const);
