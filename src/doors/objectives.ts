/** `langevin/objectives`: the losses that a score is learned by. */

export {
  type Objective,
  type ObjectiveOptions,
  objectives,
  type Weighting,
  weightings,
} from '../objectives/index.ts';
export {
  makeObjective,
  type NamedObjective,
  type ObjectiveName,
  type ObjectiveSpec,
} from '../registry/objectives.ts';
