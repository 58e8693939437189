import type { ScoreModel } from '../score/contract.ts';
import type { Sde } from '../sde/contract.ts';
import type { Tensor } from '../tensor/index.ts';

/** A loss over clean data x₀, noise ε ~ N(0, I) and times, one for each sample. */
export interface Objective {
  /** What people call it, such as `denoising`. */
  readonly name: string;
  /**
   * The times of training step `step`, stratified over the batch around one random offset, which lowers
   * variance; those of the law `log-normal` are drawn one by one.
   */
  times(seed: number, step: number, batch: number): Float64Array;
  /**
   * x0, noise: [B, ...D] → the mean loss of the batch, a scalar. `directions(k)` is the k-th draw of signs
   * ±1, shaped like x0, for objectives that project.
   */
  loss(
    weights: readonly Tensor[],
    x0: Tensor,
    noise: Tensor,
    t: Float64Array,
    directions: (k: number) => Tensor,
  ): Tensor;
}

/** The weightings of objectives; `ObjectiveOptions` says what each is. */
export const weightings = ['simple', 'noise', 'likelihood'] as const;
/** A name of `weightings`. */
export type Weighting = (typeof weightings)[number];

/** The laws of training times; `ObjectiveOptions.times` says what each is. */
export const timeLaws = ['uniform', 'importance', 'log-normal'] as const;
/** A name of `timeLaws`. */
export type TimeLawName = (typeof timeLaws)[number];

/** What an objective may be told; each says which it is for. */
export interface ObjectiveOptions {
  /**
   * λ(t), the weight of the squared error of the score.
   * `simple`: the squared error of what the network predicts (for `score`, of std·score).
   * `noise`: λ = std², the squared error of the predicted noise: L_simple of DDPM, λ = σ² of NCSN.
   * `likelihood`: λ = g², whose mean bounds the negative log-likelihood (Song et al. 2021b).
   */
  readonly weighting?: Weighting | undefined;
  /** The smallest time trained on, where time is continuous; default 1e-5. */
  readonly epsilon?: number | undefined;
  /**
   * `uniform` (default); `importance`: the same loss from times of density ∝ g²/std², which evens out the
   * weight `likelihood`; `log-normal`: log(std/scale) ~ N(logMean, logStd²), a loss of its own (Karras et al.
   * 2022, table 1).
   */
  readonly times?: TimeLawName | undefined;
  /** Of `log-normal`: default −0.5, EDM's −1.2 at σ_data = ½ carried to data of unit variance. */
  readonly logMean?: number | undefined;
  /** Of `log-normal`: default 1.2. */
  readonly logStd?: number | undefined;
  /** Of discrete objectives: N; default the length of the schedule's table, else 1000. */
  readonly levels?: number | undefined;
  /** Of `sliced`: directions for each sample; default 1. */
  readonly probes?: number | undefined;
  /** Of `explicit`: the score of the data in closed form. */
  readonly exact?: ScoreModel | undefined;
}

/** Options of objectives over continuous time. */
export type ContinuousOptions = Pick<
  ObjectiveOptions,
  'weighting' | 'epsilon' | 'times' | 'logMean' | 'logStd'
>;
/** Options of objectives over the levels of a table. */
export type DiscreteOptions = Pick<ObjectiveOptions, 'weighting' | 'levels'>;
/** Options of sliced score matching. */
export type SlicedOptions = ContinuousOptions & Pick<ObjectiveOptions, 'probes'>;
/** Options of explicit score matching. */
export type ExplicitOptions = ContinuousOptions & Pick<ObjectiveOptions, 'exact'>;

/** Makes an objective for a model bound to its SDE. */
export type MakeObjective = (sde: Sde, model: ScoreModel, options?: ObjectiveOptions) => Objective;
