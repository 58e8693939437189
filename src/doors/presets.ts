/**
 * The settings of papers.
 * @module langevin/presets
 */

export { type Preset, presets } from '../presets/index.ts';
export { type PresetName, presetOf, samplingOf, sdeOfPreset } from '../registry/presets.ts';
