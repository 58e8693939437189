import type { Spec } from '../sde/index.ts';

/** A method of a paper as a point of this framework: an SDE, a schedule, an objective, a grid and a solver, each by its name. */
export interface Preset {
  /** What it is, with its source. */
  readonly title: string;
  readonly sde: Spec;
  readonly schedule: Spec;
  readonly objective: Spec;
  readonly grid: { readonly name: string; readonly steps: number };
  readonly solver: Spec;
}
