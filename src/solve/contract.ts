import type { Sde } from '../sde/contract.ts';
import type { Coefficient, Shape, Tensor } from '../tensor/index.ts';

/** A field over data space, [B, ...D] at one time or at a time for each sample. */
export type Field = (x: Tensor, t: Coefficient) => Tensor;

/** Everything that a solver sees. Guidance and parameterisation are already applied. */
export interface Problem {
  /** The forward SDE. */
  readonly sde: Sde;
  /** ∇ₓ log p_t(x) */
  readonly score: Field;
  /** E[ε | x_t = x] = −std·score */
  readonly noise: Field;
  /** E[x₀ | x_t = x] = (x + std²·score) / scale  (Tweedie) */
  readonly data: Field;
  /** f·x − ½ g²·score: the probability-flow ODE (Song et al. 2021, eq. 13) */
  readonly flow: Field;
  /** f·x − g²·score: the drift of the reverse SDE (eq. 6) */
  readonly reverse: Field;
}

/** The randomness of one step. The key (seed, stream, sample, step) alone determines each draw. */
export interface Path {
  /**
   * W(s) − W(t) for the current step: N(0, |s − t| I), shaped like x. The same interval gives the same
   * increment.
   */
  increment(): Tensor;
  /** A fresh N(0, I) draw, shaped like x; `k` numbers the draws within one step. */
  normal(k: number): Tensor;
}

/**
 * One step from time `t` to time `s`; s < t samples, s > t encodes. With adaptive steps, times differ by
 * sample.
 */
export interface StepArguments<S extends Tensor[] = Tensor[]> {
  /** The SDE and the fields of its model. */
  readonly problem: Problem;
  /** The state at time t, [B, ...D]. */
  readonly x: Tensor;
  /** Where the step begins. */
  readonly t: Coefficient;
  /** Where the step ends. */
  readonly s: Coefficient;
  /** Times visited before `t`, the latest first: for multistep methods. */
  readonly past: readonly Coefficient[];
  /** The memory that the step before returned, or `init` for the first step. */
  readonly state: S;
  /** The randomness of this step. */
  readonly path: Path;
}

/** What a step returns. */
export type StepResult<S extends Tensor[] = Tensor[]> = {
  /** The state at time s, shaped like x. */
  x: Tensor;
  /**
   * What the next step needs, such as earlier evaluations; default: none. An adaptive solver keeps its length
   * constant.
   */
  state?: S;
  /** An estimate of the local error, shaped like x: the driver adapts each sample's step size to it. */
  error?: Tensor;
};

/**
 * A method for one step. Pure: it has no time loop, logging, seeding, grids or freeing of tensors. The driver
 * decides the number of steps.
 */
export interface Solver<S extends Tensor[] = Tensor[]> {
  /** The name in errors and lists. */
  readonly name: string;
  /** Order of convergence: of the global error for `noise: 'none'`, weak order otherwise. */
  readonly order: number;
  /** `brownian` solvers follow a Brownian path; `fresh` ones draw what they need; `none` is deterministic. */
  readonly noise: 'none' | 'brownian' | 'fresh';
  /** Network evaluations in one step. */
  readonly evaluationsPerStep: number;
  /** Network evaluations of `init`; default 1 where there is one. */
  readonly evaluationsBefore?: number;
  /** True if `step` returns `error`, so that step sizes may adapt. */
  readonly adaptive?: boolean;
  /**
   * True for a corrector: it improves x at the time `s` that a predictor has reached, and leaves p_s
   * unchanged.
   */
  readonly corrects?: boolean;
  /**
   * The usual time grid, a name in `grids`: that of the authors, or the best in our measurements; default
   * `uniform`.
   */
  readonly grid?: string;
  /** Why this solver does not support `sde`; undefined if it does. */
  refuses?(sde: Sde): string | undefined;
  /** The initial memory, such as the field at the start; default: empty. */
  init?(problem: Problem, x: Tensor, t: Coefficient): S;
  /** One step from t to s. It uses only tensor operations, so that it can be traced. */
  step(args: StepArguments<S>): StepResult<S>;
}

/**
 * The times of a solve from `from` to `to`, both included: `steps` + 1 times. Either end may be the later
 * one.
 */
export type Grid = (sde: Sde, steps: number, from: number, to: number) => Float64Array;

/** The position of a batch and a step in the random keys: row i of the batch is sample `first + i`. */
export interface StepAddress {
  /** Number of the step, from 0. */
  readonly step: number;
  /** Index of the sample in the first row. */
  readonly first: number;
}

/** Makes the path of one step for a batch shaped like x, over [t, s]. */
export type PathFactory = (at: StepAddress, shape: Shape, t: Coefficient, s: Coefficient) => Path;
