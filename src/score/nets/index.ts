import { mlp } from './mlp.ts';
import { ncsnv2 } from './ncsnv2.ts';
import { ddpm, ddpmpp, ncsnpp, unet } from './unet.ts';

/** Every network by name: `(shape of a sample, options) => ScoreNet`. */
export const nets = { mlp, unet, ddpm, ddpmpp, ncsnpp, ncsnv2 } as const;
