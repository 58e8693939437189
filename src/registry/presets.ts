import { type Preset, presets } from '../presets/index.ts';
import type { GridName } from './grids.ts';
import { entryOf } from './named.ts';
import type { SdeOptions } from './sdes.ts';
import type { SolverSpec } from './solvers.ts';

/** A name of `presets`. */
export type PresetName = keyof typeof presets;

/** The preset of that name. @throws usage for an unknown name; the error suggests the nearest one */
export const presetOf = (name: PresetName): Preset => entryOf('preset', presets, name);

/** The SDE of a preset with its schedule, as `makeSde` takes it. */
export const sdeOfPreset = ({ sde, schedule }: Preset): SdeOptions => ({ ...sde, schedule }) as SdeOptions;

/** How a preset samples, as `sample` takes it. */
export const samplingOf = ({ solver, grid }: Preset) => ({
  /** What `makeSolver` takes. */
  solver: solver as SolverSpec,
  /** A name in `grids`. */
  grid: grid.name as GridName,
  /** Steps of the grid. */
  steps: grid.steps,
});
