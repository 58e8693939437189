/** `langevin/presets`: the settings of papers. */

export { type Preset, presets } from '../presets/index.ts';
export { type PresetName, presetOf, samplingOf, sdeOfPreset } from '../registry/presets.ts';
