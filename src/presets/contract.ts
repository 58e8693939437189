import type { Spec } from '../sde/index.ts';

/**
 * A method of a paper as a point of this framework: an SDE, a schedule, an objective, a grid and a solver,
 * each by its name.
 */
export interface Preset {
  /** What it is, with its source. */
  readonly title: string;
  /** The SDE without its schedule. */
  readonly sde: Spec;
  /** The noise schedule of the SDE. */
  readonly schedule: Spec;
  /** The loss that it is trained with. */
  readonly objective: Spec;
  /** The time grid it samples on. */
  readonly grid: {
    /** A name in `grids`. */
    readonly name: string;
    /** Its number of steps. */
    readonly steps: number;
  };
  /** The solver it samples with. */
  readonly solver: Spec;
}
