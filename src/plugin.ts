/**
 * The public functions for extensions: all that a schedule, an SDE, a solver or a network of your own needs.
 * @module langevin/plugin
 */
export {
  type HamiltonianOptions,
  hamiltonianMove,
  type Look,
  type Moved,
  type Place,
} from './chains/index.ts';
export { failure, unknownName, usage } from './errors.ts';
export { antiderivative, type Formula, formula } from './formula/index.ts';
export { lagrange } from './math/lagrange.ts';
export { legendre } from './math/legendre.ts';
export type { Address } from './random/index.ts';
export { fillNormal, fillRademacher, fillUniform, type Key, key } from './random/index.ts';
export type { NoiseForm, Prediction, ScoreNet } from './score/contract.ts';
export { requireBeta, requireSigma, requireTimes, smoothnessOf, specOf } from './sde/checks.ts';
export type { Coefficients } from './sde/coefficients.ts';
export { coefficients, lift } from './sde/coefficients.ts';
export type {
  BetaSchedule,
  Marginal,
  Schedule,
  Sde,
  SigmaSchedule,
  Spec,
  SpecValue,
} from './sde/contract.ts';
export { defineSde, type SdeDefinition } from './sde/define.ts';
export { logSnr, timeAtLogSnr } from './sde/log-snr.ts';
export type { ResolvedOptions } from './sde/options.ts';
export { type Options, requireBetween, withDefaults } from './sde/options.ts';
export { withTraits } from './sde/traits.ts';
export { type Transition, transition } from './sde/transition.ts';
export type { Field, Path, Problem, Solver, StepArguments, StepResult } from './solve/contract.ts';
export { requireSolver } from './solve/validate.ts';
export * from './tensor/index.ts';
export type { Term } from './tensor/ops/combine.ts';
export type { Sides } from './tensor/ops/convolution.ts';
