/**
 * The losses that train a score.
 * @module langevin/objectives
 */

export { type ClassificationOptions, classification } from '../objectives/classification.ts';
export {
  type ContinuousOptions,
  type DiscreteOptions,
  type ExplicitOptions,
  type LikelihoodObjectiveOptions,
  type MakeObjective,
  type SlicedOptions as SlicedObjectiveOptions,
  type TimeLawName,
  timeLaws,
} from '../objectives/contract.ts';
export {
  type ChainDraws,
  type ModelChains,
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
