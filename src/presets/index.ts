import { ddim, ddpm } from './ddpm.ts';
import { edm } from './edm.ts';
import { ncsn, ncsnv2 } from './ncsn.ts';
import { scoreSdeSubVp, scoreSdeVe, scoreSdeVp } from './score-sde.ts';

export type { Preset } from './contract.ts';

/**
 * Published methods by name. Their numbers are those used for CIFAR-10, in the units of standardised data.
 */
export const presets = Object.freeze({
  ncsn,
  ncsnv2,
  ddpm,
  ddim,
  'score-sde-ve': scoreSdeVe,
  'score-sde-vp': scoreSdeVp,
  'score-sde-sub-vp': scoreSdeSubVp,
  edm,
});
