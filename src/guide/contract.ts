import type { Observation } from '../measure/observation.ts';
import type { ScoreModel } from '../score/contract.ts';
import type { Sde } from '../sde/contract.ts';
import type { Solver } from '../solve/contract.ts';
import type { Coefficient, Tensor } from '../tensor/index.ts';

/** The result of one evaluation of the model at x_t. */
export interface Look {
  /** Its prediction, [B, ...D]. */
  readonly raw: Tensor;
  /** x̂ = E[x₀ | x_t], [B, ...D]. */
  readonly clean: Tensor;
  /** J = ∂x̂/∂x_t, [B, D, D], if it was computed. */
  readonly jacobian?: Tensor;
}

/** The inputs of a guidance: a model at x_t and what is known of x₀. */
export interface GuidanceArguments {
  /** The forward SDE. */
  readonly sde: Sde;
  /** The model of p(x). */
  readonly model: ScoreModel;
  /** Its weights. */
  readonly weights: readonly Tensor[];
  /** What is known of x₀. */
  readonly observation: Observation;
  /** The constants of the observation. */
  readonly rows: readonly Tensor[];
  /** x_t, [B, ...D]. */
  readonly x: Tensor;
  /** t */
  readonly t: Coefficient;
  /** Results of the model there that were already computed. */
  readonly known?: Look;
}

/** One evaluation of the model with what the measurement adds to it. */
export interface Guided {
  /** The prediction of the unguided model, as `raw` gives it, [B, ...D]. */
  readonly raw: Tensor;
  /** ∇ log p̃(y | x_t), [B, ...D]. */
  readonly gradient: Tensor;
  /** log p̃(y | x_t), [B]; only from methods that know it. */
  readonly logLikelihood?: Tensor;
}

/**
 * A way from a measurement to the score of the posterior, ∇log p_t(x | y) = ∇log p_t(x) + ∇log p(y | x_t).
 * Pure. A method that changes the model has `look`; a method that changes the solver has `around`.
 */
export interface Guidance {
  /** The name in errors and lists. */
  readonly name: string;
  /** Whether p̃(y | x_t) is a normalised density, so that particles can be weighted by it. */
  readonly twists: boolean;
  /** Whether it differentiates the network. */
  readonly differentiates: boolean;
  /** Evaluations of the network, forward or backward, in addition to the unguided one. */
  cost(observation: Observation): number;
  /** Why this method cannot use the observation; undefined if it can. */
  refuses?(observation: Observation): string | undefined;
  /** The model and its guidance at x_t. */
  look?(args: GuidanceArguments): Guided;
  /** The solver, changed so that it keeps to the observation. */
  around?(solver: Solver, observation: Observation): Solver;
}
