import type { Operand, PlainTensor, Shape, Tensor } from '../tensor/index.ts';

/** A point of a chain, with the result of one evaluation of the target there. */
export interface Place {
  /** The point, [B, ...D]. */
  readonly x: Tensor;
  /** ∇ log p(x), [B, ...D]. */
  readonly score: Tensor;
  /** log p(x) up to a constant, [B]; absent if only the score is known. */
  readonly logDensity?: Tensor;
}

/** One evaluation of the target. */
export type Look = (x: Tensor) => Place;

/**
 * A distribution to draw from. At every level its score is known, or its score and its unnormalised density.
 */
export interface Target {
  /** The name in errors. */
  readonly name: string;
  /** The shape of one sample, [...D]. */
  readonly shape: Shape;
  /** Constants of the programs that evaluate the target. */
  readonly weights: readonly PlainTensor[];
  /** Whether `look` gives log-densities. */
  readonly normed: boolean;
  /** x: [B, ...D] at a level → the score, and the log-density if it is known. */
  look(weights: readonly Tensor[], x: Tensor, level: number): Place;
  /** The length in x of a step of 1 at a level. */
  unit(level: number): number;
  /**
   * `count` levels for annealing, from the widest distribution down to the target itself, which is the last.
   */
  levels(count: number): Float64Array;
  /** Standard deviation of the Gaussian from which chains start at a level, if the caller passes no start. */
  spread(level: number): number;
}

/** The randomness of one move. The key (seed, stream, sample, step) alone determines each draw. */
export interface MovePath {
  /** The k-th N(0, I) draw of the move, shaped like x. */
  normal(k: number): Tensor;
  /** An Exp(1) draw for each chain, [B]: −log u of the Metropolis rule. */
  exponential(): Tensor;
  /** A U(0, 1) draw for each chain, [B]. */
  uniform(): Tensor;
}

/** What a move starts from. */
export interface MoveArguments {
  /** One evaluation of the target at the level of the move. */
  readonly look: Look;
  /** The current place of each chain. */
  readonly here: Place;
  /** Length h of a step, in the units of x: a number, or [B, 1, …], one for each chain. */
  readonly step: Operand;
  /** The randomness of this move. */
  readonly path: MovePath;
}

/** The place of each chain after a move. */
export interface Moved {
  /** The new place. */
  readonly place: Place;
  /** 1 if the proposal was accepted, 0 if not, [B]; absent for a kernel that accepts all. */
  readonly accepted?: Tensor;
}

/** A transition of a Markov chain: pure, without loop, seed or memory other than the place. */
export interface Kernel {
  /** The name in errors and lists. */
  readonly name: string;
  /** Whether the target is stationary for every step. If not, there is a bias that falls with the step. */
  readonly exact: boolean;
  /** Evaluations of the target in one move. */
  evaluations(normed: boolean): number;
  /** Length of a step at the start, in units of the target. */
  readonly step: number;
  /**
   * The part of proposals to accept, to which burn-in adapts the step of each chain; absent: no adaptation.
   */
  readonly acceptance?: number;
  /** Whether burn-in visits the levels of the target from the widest down. */
  readonly anneals: boolean;
  /** One move of every chain. */
  move(args: MoveArguments): Moved;
}
