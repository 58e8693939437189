import type { ScoreModel } from '../score/contract.ts';
import type { Sde } from '../sde/contract.ts';
import type { Tensor } from '../tensor/index.ts';

/** A loss over clean data x₀, noise ε ~ N(0, I) and times, one for each sample. */
export interface Objective {
  /** Its usual name, such as `denoising`. */
  readonly name: string;
  /**
   * The times of training step `step`. They are stratified over the batch around one random offset, which
   * lowers the variance. The law `log-normal` draws each time independently.
   */
  times(seed: number, step: number, batch: number): Float64Array;
  /**
   * x0, noise: [B, ...D] → the mean loss of the batch, a scalar. `directions(k)` is the k-th draw of signs ±1
   * in the shape of x0; objectives with projections use it.
   */
  loss(
    weights: readonly Tensor[],
    x0: Tensor,
    noise: Tensor,
    t: Float64Array,
    directions: (k: number) => Tensor,
    negatives?: Tensor,
  ): Tensor;
  /** For maximum likelihood: the draws of the model that training carries along, `negatives` of `loss`. */
  readonly chains?: ModelChains;
}

/** What the chains of a training step draw from. */
export interface ChainDraws {
  /** Clean data of the step, [B, ...D]. */
  readonly x0: Tensor;
  /** The noise of the step that `loss` takes too, [B, ...D]. */
  readonly noise: Tensor;
  /** The k-th fresh N(0, I), [B, ...D]. */
  normal(k: number): Tensor;
  /** The k-th Exp(1) for each row, [B]. */
  exponential(k: number): Tensor;
  /** The k-th U(0, 1) for each row, [B]. */
  uniform(k: number): Tensor;
}

/** Draws of the model, one for each row of a batch, carried from step to step. */
export interface ModelChains {
  /** Standard deviation of their start. */
  readonly spread: number;
  /** The chains after a step under these weights, [B, ...D]. Not differentiated. */
  advance(weights: readonly Tensor[], chains: Tensor, draws: ChainDraws): Tensor;
}

/** The weightings of objectives. `ObjectiveOptions.weighting` explains each. */
export const weightings = ['simple', 'noise', 'likelihood'] as const;
/** A name in `weightings`. */
export type Weighting = (typeof weightings)[number];

/** The laws of training times. `ObjectiveOptions.times` explains each. */
export const timeLaws = ['uniform', 'importance', 'log-normal'] as const;
/** A name in `timeLaws`. */
export type TimeLawName = (typeof timeLaws)[number];

/** The options of objectives. Each says which objectives or laws read it. */
export interface ObjectiveOptions {
  /**
   * λ(t), the weight of the squared error of the score.
   * `simple`: the squared error of what the network predicts (for `score`, of std·score).
   * `noise`: λ = std², the squared error of the predicted noise: L_simple of DDPM, λ = σ² of NCSN.
   * `likelihood`: λ = g², whose mean bounds the negative log-likelihood (Song et al. 2021b).
   */
  readonly weighting?: Weighting | undefined;
  /** The smallest training time of objectives over continuous time; default 1e-5. */
  readonly epsilon?: number | undefined;
  /**
   * The law of training times.
   * `uniform` (default): uniform over [epsilon, tMax].
   * `importance`: the same loss, with times of density ∝ g²/std², which evens out the weighting `likelihood`.
   * `log-normal`: log(std/scale) ~ N(logMean, logStd²). It changes the loss itself (Karras et al. 2022, table
   * 1).
   */
  readonly times?: TimeLawName | undefined;
  /**
   * Mean of the law `log-normal`: default −0.5, which is EDM's −1.2 at σ_data = ½ for data of unit variance.
   */
  readonly logMean?: number | undefined;
  /** Standard deviation of the law `log-normal`: default 1.2. */
  readonly logStd?: number | undefined;
  /**
   * One noise level in place of all times: σ/α, for data of standard deviation 1. The model is then the score
   * of data with this noise alone. Default: all times.
   */
  readonly sigma?: number | undefined;
  /** N, for discrete objectives. Default: the length of the schedule's table, or 1000 without a table. */
  readonly levels?: number | undefined;
  /** Random directions for each sample, for `sliced`; default 1. */
  readonly probes?: number | undefined;
  /**
   * For `sliced`: true takes ‖score‖² itself, false takes (vᵀscore)² along the directions, the plain form.
   * Default true.
   */
  readonly reduced?: boolean | undefined;
  /** For `maximum-likelihood`: moves of each chain in a step of training. Default 5. */
  readonly moves?: number | undefined;
  /** For `maximum-likelihood`: the longest move, in units of the noise. Default 1. */
  readonly step?: number | undefined;
  /** For `maximum-likelihood`: the longest move over the shortest, 1 or more. Default 10. */
  readonly range?: number | undefined;
  /**
   * For `maximum-likelihood`: whether each chain is offered a fresh draw of a wide Gaussian before its moves.
   * Default true.
   */
  readonly leap?: boolean | undefined;
  /**
   * For `maximum-likelihood`: share of the chains that start again from the data in each step. Default 0.05.
   */
  readonly renew?: number | undefined;
  /** For `maximum-likelihood`: weight of E², which bounds the energies. Default 0.001. */
  readonly regular?: number | undefined;
  /** For `maximum-likelihood`: weight of σ²·‖∇E‖²/D at draws of the model, a gradient penalty. Default 0. */
  readonly penalty?: number | undefined;
  /**
   * For `maximum-likelihood`: chains go on from step to step; if false they start from the data each time.
   * Default true.
   */
  readonly persistent?: boolean | undefined;
  /** The score of the data in closed form, for `explicit`. */
  readonly exact?: ScoreModel | undefined;
}

/** Options of objectives over continuous time. */
export type ContinuousOptions = Pick<
  ObjectiveOptions,
  'weighting' | 'epsilon' | 'times' | 'logMean' | 'logStd' | 'sigma'
>;
/** Options of objectives over the levels of a table. */
export type DiscreteOptions = Pick<ObjectiveOptions, 'weighting' | 'levels'>;
/** Options of sliced score matching. */
export type SlicedOptions = ContinuousOptions & Pick<ObjectiveOptions, 'probes' | 'reduced'>;
/** Options of maximum likelihood. */
export type LikelihoodObjectiveOptions = Pick<
  ObjectiveOptions,
  'sigma' | 'moves' | 'step' | 'range' | 'leap' | 'renew' | 'regular' | 'penalty' | 'persistent'
>;
/** Options of explicit score matching. */
export type ExplicitOptions = ContinuousOptions & Pick<ObjectiveOptions, 'exact'>;

/** Makes an objective for a model bound to its SDE. */
export type MakeObjective = (sde: Sde, model: ScoreModel, options?: ObjectiveOptions) => Objective;
