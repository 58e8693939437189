import type { Coefficient, PlainTensor, Shape, Tensor } from '../tensor/index.ts';
import type { NamedColumn } from './text/contract.ts';

/** The samples that a measurement looks at, in the units of the data. */
export interface Space {
  /** The shape of one sample, [...D]. */
  readonly shape: Shape;
  /** The columns of a table, in the order of the values. */
  readonly columns?: readonly NamedColumn[];
  /** Other columns of its file, each with the reason why it was left out. */
  readonly leftOut?: readonly NamedColumn[];
}

/** How the measured values differ from h(x). */
export type Law =
  | {
      /** y = h(x) + n, n ~ N(0, diag std²). */
      readonly kind: 'normal';
      /** y, [m]. */
      readonly value: Float64Array;
      /** [m]; 0 for an exact value. */
      readonly std: Float64Array;
    }
  | {
      /** low < h(x) < high. */
      readonly kind: 'between';
      /** [m]; −∞ for no bound. */
      readonly low: Float64Array;
      /** [m]; ∞ for no bound. */
      readonly high: Float64Array;
      /** Whether values on a grid may not equal the bounds; default false, they may. */
      readonly strict?: readonly [low: boolean, high: boolean];
    };

/** h(x) = A·x, x a row-major sample in the units of the data. */
export interface LinearPart {
  /** Tells it from others. */
  readonly kind: 'linear';
  /** In words, for errors and reports. */
  readonly text: string;
  /** m, the number of values read. */
  readonly count: number;
  /** A, row-major [m, D]. */
  readonly matrix: Float64Array;
  /** The error of what was read. */
  readonly law: Law;
  /** Whether its value is a question mark, which only `calibrate` can fill. */
  readonly open?: true;
  /** Of one reading whose `law` is that of a step of a grid: the ends of the step. */
  readonly step?: readonly [low: number, high: number];
  /** What is added to log p(y | x): the log of the distance of values on a grid makes it a probability. */
  readonly logScale?: number;
}

/** h(x) as tensor operations. */
export interface TracedPart {
  /** Tells it from others. */
  readonly kind: 'traced';
  /** In words, for errors and reports. */
  readonly text: string;
  /** m, the number of values read. */
  readonly count: number;
  /** h: [B, ...D] in the units of the data → [B, m]. */
  readonly apply: (x: Tensor) => Tensor;
  /** The error of what was read. */
  readonly law: Law;
  /** Whether its value is a question mark, which only `calibrate` can fill. */
  readonly open?: true;
}

/** A log-likelihood log p(y | x) as tensor operations, whatever y is. */
export interface DensityPart {
  /** Tells it from others. */
  readonly kind: 'density';
  /** In words, for errors and reports. */
  readonly text: string;
  /** [B, ...D] in the units of the data → [B], in nats. */
  readonly logLikelihood: (x: Tensor) => Tensor;
}

/** A column of words that has one of them. */
export interface WordPart {
  /** Tells it from others. */
  readonly kind: 'word';
  /** In words, for errors and reports. */
  readonly text: string;
  /** Place of the column, from 0. */
  readonly cell: number;
  /** Number of the word, from 0. */
  readonly word: number;
  /** Whether its value is a question mark, which only `calibrate` can fill. */
  readonly open?: true;
}

/** A log-likelihood log p(y | x_t) of noisy samples, such as that of a classifier of them. */
export interface NoisyPart {
  /** Tells it from others. */
  readonly kind: 'noisy';
  /** In words, for errors and reports. */
  readonly text: string;
  /** The shape of one sample in model units, [...D], if it is for no other. */
  readonly shape?: Shape;
  /** Whether it is the log-probability of an event. Default false: it may be any weight. */
  readonly isProbability?: boolean;
  /** Constants of the programs that use it, in the order in which `logLikelihood` takes them. */
  readonly weights: readonly PlainTensor[];
  /** x_t [B, ...D] in model units, t → [B], in nats. */
  readonly logLikelihood: (weights: readonly Tensor[], x: Tensor, t: Coefficient) => Tensor;
}

/** One thing that is known of a sample. */
export type Part = LinearPart | TracedPart | DensityPart | NoisyPart | WordPart;

/** What is known of a sample: a frozen value that consists of pure functions. */
export interface Measurement {
  /** The name of its kind. */
  readonly name: string;
  /** Whether h is linear; undefined if that depends on its text. */
  readonly linear?: boolean;
  /**
   * What it says about samples of that shape and with those columns.
   * @throws usage for a width, a name or a value that does not fit
   */
  on(space: Space): Promise<readonly Part[]>;
}
