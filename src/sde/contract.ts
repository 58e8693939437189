/** The name and options that make a value again: what a stored configuration holds, plain JSON. */
export interface Spec {
  /** A name in its table, such as `vp`. */
  readonly name: string;
  /** Its options by name. */
  readonly [option: string]: SpecValue;
}
/** What an option of a stored value may be. */
export type SpecValue = string | number | boolean | readonly number[] | Spec;

/** β(t) and its integral: the schedule of the variance-preserving family. Pure float64, t in [0, 1]. */
export interface BetaSchedule {
  /** Tells a noise rate from a noise level. */
  readonly kind: 'beta';
  /** What people call it, such as `linear`. */
  readonly name: string;
  /** Absent from a schedule its user wrote as functions: such a one cannot be stored. */
  readonly spec?: Spec;
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
  /** Tells a noise level from a noise rate. */
  readonly kind: 'sigma';
  /** What people call it, such as `geometric`. */
  readonly name: string;
  /** Absent from a schedule its user wrote as functions: such a one cannot be stored. */
  readonly spec?: Spec;
  /** σ(t) > 0, rising */
  sigma(t: number): number;
  /** dσ²/dt = g(t)² */
  dSigma2(t: number): number;
}

/** What a schedule may be; `kind` tells which. */
export type Schedule = BetaSchedule | SigmaSchedule;

/** x_t | x_0 ~ N(scale · x_0, std² · I) */
export interface Marginal {
  /** α(t), by which x_0 is multiplied: above 0, 1 without drift. */
  readonly scale: number;
  /** σ(t), the standard deviation of the noise in each coordinate. */
  readonly std: number;
}

/**
 * The forward SDE dx = f(t)·x dt + g(t) dw (Song et al. 2021, eq. 5), all scalars in float64. The drift is
 * linear in x, as in every SDE of the paper, so the transition kernel is Gaussian and `marginal` is exact.
 */
export interface Sde {
  /** What people call it, such as `vp`. */
  readonly name: string;
  /** Absent where the SDE or its schedule was written as functions: such a one cannot be stored. */
  readonly spec?: Spec;
  /** Where sampling and likelihood stop, short of t = 0. */
  readonly tMin: number;
  /** Where noise alone is left and sampling begins; above tMin. */
  readonly tMax: number;
  /** f(t): the drift is `rate(t) * x`. */
  rate(t: number): number;
  /** g(t) */
  diffusion(t: number): number;
  /** x_t | x_0, exact at any t in [tMin, tMax]. */
  marginal(t: number): Marginal;
  /** p_T is taken as N(0, std² I). */
  readonly prior: {
    /** Standard deviation of each coordinate of x_T. */
    readonly std: number;
  };
}
