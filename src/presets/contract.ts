import type { ObjectiveSpec } from '../objectives/index.ts';
import type { SdeOptions, Spec } from '../sde/index.ts';
import type { GridName } from '../solve/grids.ts';
import type { SolverSpec } from '../solve/validate.ts';

/** A published method as a point of this framework: an SDE, a schedule, an objective, a grid and a solver, and nothing else. */
export interface Preset {
  /** What it is, with its source. */
  readonly title: string;
  readonly sde: SdeOptions;
  readonly schedule: Spec;
  readonly objective: ObjectiveSpec;
  readonly grid: { readonly name: GridName; readonly steps: number };
  readonly solver: SolverSpec;
}
