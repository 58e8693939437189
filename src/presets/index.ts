import { unknownName } from '../errors.ts';
import type { SdeOptions } from '../sde/index.ts';
import type { Preset } from './contract.ts';
import { ddim, ddpm } from './ddpm.ts';
import { edm } from './edm.ts';
import { ncsn, ncsnv2 } from './ncsn.ts';
import { scoreSdeSubVp, scoreSdeVe, scoreSdeVp } from './score-sde.ts';

export type { Preset } from './contract.ts';

/** Published methods by name. Their numbers are those used for CIFAR-10, in the units of standardised data. */
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
/** A name of `presets`. */
export type PresetName = keyof typeof presets;

/** The preset of that name. Throws a usage error with the nearest known one. */
export function presetOf(name: string): Preset {
  if (!Object.hasOwn(presets, name)) throw unknownName('preset', name, Object.keys(presets));
  return presets[name as PresetName];
}

/** Its SDE with its schedule, as `makeSde` takes it. */
export const sdeOfPreset = ({ sde, schedule }: Preset): SdeOptions => ({ ...sde, schedule });

/** How it samples, as `sample` takes it. */
export const samplingOf = ({ solver, grid }: Preset) => ({ solver, grid: grid.name, steps: grid.steps });
