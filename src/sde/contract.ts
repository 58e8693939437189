/**
 * The name and the options from which a value can be made again. Plain JSON; a stored configuration holds it.
 */
export interface Spec {
  /** A name in the table of its kind, such as `vp`. */
  readonly name: string;
  /** Its options by name. */
  readonly [option: string]: SpecValue;
}
/** What an option of a stored value may be. */
export type SpecValue = string | number | boolean | readonly number[] | Spec;

/** β(t) and its integral: the schedule of the variance-preserving family. Pure float64, t in [0, 1]. */
export interface BetaSchedule {
  /** The kind: a noise rate and not a noise level. */
  readonly kind: 'beta';
  /** Its usual name, such as `linear`. */
  readonly name: string;
  /** Missing if the user wrote the schedule as functions: then it cannot be stored. */
  readonly spec?: Spec;
  /** False if β or one of its derivatives jumps at some times; default true. */
  readonly smooth?: boolean;
  /** β(t) ≥ 0 */
  beta(t: number): number;
  /** ∫₀ᵗ β(u) du */
  integral(t: number): number;
}

/**
 * σ(t) and the growth of its square: the schedule of the variance-exploding family. Pure float64, t in [0,
 * 1].
 */
export interface SigmaSchedule {
  /** The kind: a noise level and not a noise rate. */
  readonly kind: 'sigma';
  /** Its usual name, such as `geometric`. */
  readonly name: string;
  /** Missing if the user wrote the schedule as functions: then it cannot be stored. */
  readonly spec?: Spec;
  /** False if dσ²/dt or one of its derivatives jumps at some times; default true. */
  readonly smooth?: boolean;
  /** σ(t) > 0, rising */
  sigma(t: number): number;
  /** dσ²/dt = g(t)² */
  dSigma2(t: number): number;
}

/** A schedule of either kind; `kind` says which. */
export type Schedule = BetaSchedule | SigmaSchedule;

/** x_t | x_0 ~ N(scale · x_0, std² · I) */
export interface Marginal {
  /** α(t), the factor of x_0: above 0, and 1 without drift. */
  readonly scale: number;
  /** σ(t), the standard deviation of the noise in each coordinate. */
  readonly std: number;
}

/**
 * The forward SDE dx = f(t)·x dt + g(t) dw (Song et al. 2021, eq. 5), all scalars in float64. The drift is
 * linear in x, as in every SDE of the paper, so the transition kernel is Gaussian and `marginal` is exact.
 */
export interface Sde {
  /** Its usual name, such as `vp`. */
  readonly name: string;
  /** Missing if the SDE or its schedule was written as functions: then it cannot be stored. */
  readonly spec?: Spec;
  /** Where sampling and likelihood stop, above t = 0. */
  readonly tMin: number;
  /** Where sampling begins and only noise is left; above tMin. */
  readonly tMax: number;
  /**
   * False if f or g, or one of their derivatives, jumps at some times; default true. Adaptive solvers of the
   * flow then step in the log signal-to-noise ratio, in which the flow is smooth. g must be above 0.
   */
  readonly smooth?: boolean;
  /** f(t): the drift is `rate(t) * x`. */
  rate(t: number): number;
  /** g(t) */
  diffusion(t: number): number;
  /** x_t | x_0, exact at any t in [tMin, tMax]. */
  marginal(t: number): Marginal;
  /** The approximation of p_T: N(0, std² I). */
  readonly prior: {
    /** Standard deviation of each coordinate of x_T. */
    readonly std: number;
  };
}
