/** The name and options that make a value again: what a stored configuration holds, plain JSON. */
export interface Spec {
  readonly name: string;
  readonly [option: string]: SpecValue;
}
/** What an option of a stored value may be. */
export type SpecValue = string | number | boolean | readonly number[] | Spec;

/** β(t) and its integral: the schedule of the variance-preserving family. Pure float64, t in [0, 1]. */
export interface BetaSchedule {
  readonly kind: 'beta';
  readonly name: string;
  /** Absent from a schedule its user wrote as functions: such a one cannot be stored. */
  readonly spec?: Spec;
  /** β(t) ≥ 0 */
  beta(t: number): number;
  /** ∫₀ᵗ β(u) du */
  integral(t: number): number;
}

/** σ(t) and the growth of its square: the schedule of the variance-exploding family. Pure float64, t in [0, 1]. */
export interface SigmaSchedule {
  readonly kind: 'sigma';
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
  readonly scale: number;
  readonly std: number;
}

/**
 * The forward SDE dx = f(t)·x dt + g(t) dw (Song et al. 2021, eq. 5), all scalars in float64.
 * The drift is linear in x, as in every SDE of the paper, so the transition kernel is Gaussian and `marginal` is exact.
 */
export interface Sde {
  readonly name: string;
  /** Absent where the SDE or its schedule was written as functions: such a one cannot be stored. */
  readonly spec?: Spec;
  /** Where sampling and likelihood stop, short of t = 0. */
  readonly tMin: number;
  readonly tMax: number;
  /** f(t): the drift is `rate(t) * x`. */
  rate(t: number): number;
  /** g(t) */
  diffusion(t: number): number;
  marginal(t: number): Marginal;
  /** p_T is taken as N(0, std² I). */
  readonly prior: { readonly std: number };
}
