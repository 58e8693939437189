import type { Operand, PlainTensor, Shape, Tensor } from '../tensor/index.ts';

/** A point of a chain with what one evaluation of the target says of it. */
export interface Place {
  /** The point, [B, ...D]. */
  readonly x: Tensor;
  /** ∇ log p(x), [B, ...D]. */
  readonly score: Tensor;
  /** log p(x) up to a constant, [B]; absent where only the score is known. */
  readonly logDensity?: Tensor;
}

/** One evaluation of the target. */
export type Look = (x: Tensor) => Place;

/** A law to draw from, known by its score, or by its score and its unnormalised density, at every level. */
export interface Target {
  /** The name in errors. */
  readonly name: string;
  /** The shape of one sample, [...D]. */
  readonly shape: Shape;
  /** Constants of the programs that evaluate the target. */
  readonly weights: readonly PlainTensor[];
  /** Whether `look` gives log-densities. */
  readonly normed: boolean;
  /** x: [B, ...D] at a level → what is known there. */
  look(weights: readonly Tensor[], x: Tensor, level: number): Place;
  /** The length of x that a step of 1 stands for at a level. */
  unit(level: number): number;
  /** `count` levels from the widest law down to the target itself, the last: what annealing visits. */
  levels(count: number): Float64Array;
  /** Standard deviation of the Gaussian that chains start from at a level, where no start is given. */
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
  /** Where each chain stands. */
  readonly here: Place;
  /** Length h of a step, in the units of x: a number, or [B, 1, …], one for each chain. */
  readonly step: Operand;
  /** The randomness of this move. */
  readonly path: MovePath;
}

/** Where each chain stands after a move. */
export interface Moved {
  /** The new place. */
  readonly place: Place;
  /** 1 where the proposal was accepted, 0 where it was not, [B]; absent of a kernel that accepts all. */
  readonly accepted?: Tensor;
}

/** A transition of a Markov chain: pure, with no loop, no seed and no memory but the place. */
export interface Kernel {
  /** The name in errors and lists. */
  readonly name: string;
  /** Whether the target is stationary for every step; else there is a bias that falls with the step. */
  readonly exact: boolean;
  /** Evaluations of the target in one move. */
  evaluations(normed: boolean): number;
  /** Length of a step in units of the target, at the start. */
  readonly step: number;
  /** The part of proposals to accept, to which burn-in adapts the step of each chain; absent: no adapting. */
  readonly acceptance?: number;
  /** Whether burn-in visits the levels of the target from the widest down. */
  readonly anneals: boolean;
  /** One move of every chain. */
  move(args: MoveArguments): Moved;
}
