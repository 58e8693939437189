/**
 * The settings of papers.
 * @module langevin/presets
 */

export { type Preset, presets } from '../presets/index.ts';
export {
  ncsnv2For,
  type TechniqueOptions,
  type Techniques,
  techniques as ncsnv2Techniques,
} from '../presets/techniques.ts';
export { type PresetName, presetOf, samplingOf, sdeOfPreset } from '../registry/presets.ts';
