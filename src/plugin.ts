/** The extension door: all that a schedule, an SDE, a solver or a network written elsewhere needs. */
export { failure, unknownName, usage } from './errors.ts';
export { antiderivative, type Formula, formula } from './formula/index.ts';
export { lagrange } from './math/lagrange.ts';
export { legendre } from './math/legendre.ts';
export { fillNormal, fillRademacher, fillUniform, type Key, key } from './random/index.ts';
export type { Prediction, ScoreNet } from './score/contract.ts';
export { requireBeta, requireSigma, requireTimes, specOf } from './sde/checks.ts';
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
export { type Options, requireBetween, withDefaults } from './sde/options.ts';
export { type Transition, transition } from './sde/transition.ts';
export type { Field, Path, Problem, Solver, StepArguments, StepResult } from './solve/contract.ts';
export { requireSolver } from './solve/validate.ts';
export * from './tensor/index.ts';
